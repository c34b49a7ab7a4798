import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { XKS_STATUS } from '../../core/xks/errors';
import { brokenBytes, Dice, wrongRequest } from './malformed-requests';
import { ground, type Ground } from './server-ground';
import { encryptBody } from './xks-call';

/** Requests of the whole run, and on one connection. KEYRITE_MALFORMED makes it longer or shorter. */
const REQUESTS = Number(process.env['KEYRITE_MALFORMED'] ?? 100_000);
const PER_CONNECTION = 50;
const SEED = 20_261_123;

/** What a flat heap may move by, in bytes: caches that fill, code that is compiled. */
const HEAP_SLACK = 8 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Sends all of it at once, says that no more will come, and gives back what was answered until the other side closed. */
function talk(port: number, bytes: readonly Buffer[]): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined); // a reset is an end, too
    socket.on('close', () => resolve(Buffer.concat(chunks)));
    for (const piece of bytes) socket.write(piece);
    socket.end();
  });
}

const NAMES: ReadonlySet<unknown> = new Set(Object.keys(XKS_STATUS));

/** The statuses of the answers in a stream, each of which has to be one of XKS. Throws at the first byte that is none. */
function statusesOf(stream: Buffer): readonly number[] {
  const statuses: number[] = [];
  let rest = stream;
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n');
    const head = rest.subarray(0, end).toString('latin1');
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(head) ?? [];
    const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
    if (end < 0 || status === undefined || length === undefined) throw new Error(`No answer: ${rest.toString('latin1', 0, 300)}`);
    const body = rest.toString('latin1', end + 4, end + 4 + Number(length));
    const { errorName, errorMessage } = JSON.parse(body) as Readonly<Record<string, unknown>>;
    if (!NAMES.has(errorName) || !/^[\x20-\x7e]{1,511}$/.test(String(errorMessage))) throw new Error(`No error of XKS: ${body}`);
    statuses.push(Number(status));
    rest = rest.subarray(end + 4 + Number(length));
  }
  return statuses;
}

/** One connection: wrong requests one behind the other, then bytes that end it. */
async function connection({ server, host }: Ground, dice: Dice, seen: Map<number, number>): Promise<void> {
  const wrong = Array.from({ length: PER_CONNECTION - 1 }, () => wrongRequest(dice, host));
  const statuses = statusesOf(await talk(server.port, [...wrong, brokenBytes(dice, host)]));
  if (statuses.length < wrong.length) throw new Error(`${wrong.length} requests got ${statuses.length} answers.`);
  for (const status of statuses) seen.set(status, (seen.get(status) ?? 0) + 1);
}

describe('malformed requests', () => {
  it(
    `${REQUESTS} of them get 4xx or 501 in JSON, encrypt and decrypt nothing, and leave the proxy serving with a flat heap`,
    // Two minutes on two quiet cores.
    { timeout: 900_000 },
    async () => {
      let reachedCrypto = 0;
      const started = await ground({ parts: { onRecord: ({ outcome }) => void (reachedCrypto += outcome === 'ok' ? 1 : 0) } });
      const dice = new Dice(SEED);
      const seen = new Map<number, number>();
      const heaps: number[] = [];
      const tenth = REQUESTS / 10;
      for (let sent = 0; sent < REQUESTS; sent += 4 * PER_CONNECTION) {
        await Promise.all(Array.from({ length: 4 }, () => connection(started, dice, seen)));
        if (sent + 4 * PER_CONNECTION >= tenth * (heaps.length + 1)) {
          gc();
          heaps.push(process.memoryUsage().heapUsed);
        }
      }
      expect([...seen.keys()].filter((status) => (status < 400 || status > 499) && status !== 501)).toEqual([]);
      expect([...seen.keys()].sort()).toEqual([400, 401, 404, 405, 501]);
      expect(reachedCrypto).toBe(0);
      expect(started.hsm.counts.encrypt).toBe(0);
      expect(started.faults).toEqual([]);
      expect(heaps.at(-1)! - heaps[0]!).toBeLessThan(HEAP_SLACK);
      expect((await started.call('keys/foo/encrypt', encryptBody('Hello World!'))).status).toBe(200);
    },
  );
});
