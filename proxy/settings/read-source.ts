import type { Reading } from './reading';
import type { SecretSource } from './settings';

/** The four keys that say where a secret comes from; exactly one of them is written. */
export interface SourceKeys {
  readonly file: string | undefined;
  readonly credential: string | undefined;
  readonly descriptor: number | string | undefined;
  readonly from: 'supervisor' | undefined;
}

function descriptorNumber({ env, remarks }: Reading, key: string, given: number | string): number {
  const number = typeof given === 'number' ? given : Number(env[given] || NaN);
  if (!Number.isInteger(number) || number < 0) {
    remarks.error(
      key,
      `names the variable ${given}, which holds no number`,
      'Set it to the number of a file descriptor that is open when the proxy starts.',
    );
    return 0;
  }
  if (number === 1 || number === 2) {
    remarks.error(
      key,
      `is ${number}, which is where the proxy writes to`,
      'Open another descriptor, such as 3: keyrite proxy 3< FILE.',
    );
  }
  return number;
}

function sourcesOf(reading: Reading, key: string, { file, credential, descriptor, from }: SourceKeys): readonly SecretSource[] {
  return [
    ...(file === undefined ? [] : [{ from: 'file', path: file } as const]),
    ...(credential === undefined ? [] : [{ from: 'credential', name: credential } as const]),
    ...(descriptor === undefined
      ? []
      : [{ from: 'descriptor', number: descriptorNumber(reading, `${key}_descriptor`, descriptor) } as const]),
    ...(from === undefined ? [] : [{ from: 'supervisor' } as const]),
  ];
}

/**
 * Where one secret comes from; null, with a remark, unless exactly one of the keys is written.
 * @param key what the four keys begin with: `hsm.pin`, `external_key_stores[0].credentials[1].secret`
 */
export function readSource(reading: Reading, key: string, keys: SourceKeys): SecretSource | null {
  const { remarks } = reading;
  const sources = sourcesOf(reading, key, keys);
  const [source] = sources;
  const choice = `${key}_file, ${key}_credential, ${key}_descriptor or ${key}_from`;
  if (sources.length > 1) remarks.error(key, `comes from ${sources.length} places`, `Keep one of ${choice}.`);
  if (source !== undefined) return source;
  if (!['file', 'credential', 'descriptor', 'from'].some((end) => remarks.isWrong(`${key}_${end}`))) {
    remarks.error(`${key}_file`, 'is missing', `Say where the secret comes from: ${choice}.`);
  }
  return null;
}

/** A descriptor gives its bytes once: whoever came second would find nothing. */
export function refuseSharedDescriptors({ remarks }: Reading, sources: readonly SecretSource[]): void {
  const seen = new Set<number>();
  for (const source of sources) {
    if (source.from !== 'descriptor') continue;
    if (seen.has(source.number)) {
      remarks.error(`descriptor ${source.number}`, 'is to give two secrets', 'Open one descriptor for each secret.');
    }
    seen.add(source.number);
  }
}
