import type { ControlRequest } from './contract';

const DIGITS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1');
const PADDING = 0x3d;

/** RFC 4648 base64, from bytes to bytes: Node makes a text of it, which nobody can overwrite. */
function base64Bytes(bytes: Uint8Array): Uint8Array {
  const coded = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING);
  for (let i = 0, o = 0; i < bytes.length; i += 3, o += 4) {
    const left = bytes.length - i;
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = Math.min(left, 3) + 1;
    for (let d = 0; d < digits; d++) coded[o + d] = DIGITS[(word >> (18 - 6 * d)) & 63] ?? 0;
  }
  return coded;
}

/**
 * A request as the control socket takes it: one line of JSON in UTF-8, with its end. A PIN comes into it as bytes and is never a
 * text; whoever sent the line overwrites it.
 */
export function requestLine(request: ControlRequest): Uint8Array {
  if (request.verb !== 'login' || request.pin === null) return Buffer.from(`${JSON.stringify(request)}\n`, 'utf8');
  const { verb, act, pin } = request;
  const coded = base64Bytes(pin);
  const head = Buffer.from(`${JSON.stringify({ verb, act }).slice(0, -1)},"pin":"`, 'utf8');
  const tail = Buffer.from('"}\n', 'utf8');
  // not Buffer.concat, which may copy into memory that others share
  const line = new Uint8Array(head.length + coded.length + tail.length);
  line.set(head);
  line.set(coded, head.length);
  line.set(tail, head.length + coded.length);
  coded.fill(0);
  return line;
}
