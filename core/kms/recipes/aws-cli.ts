import type { KmsCall, Operation } from '../operations';
import { shellWord } from './shell-word';

/** Where a command goes; '' where nothing is said. */
export interface Place {
  readonly region: string;
  readonly profile: string;
  readonly endpoint: string;
}

/** Files that bytes are read from, by member: the names bundles use, and the token beside them on the online station. */
export type InputFiles = Readonly<Record<string, string>>;

const INPUT_FILES: InputFiles = {
  ImportToken: 'import-token.bin',
  EncryptedKeyMaterial: 'wrapped-key.bin',
  Plaintext: 'plaintext.bin',
  CiphertextBlob: 'ciphertext.bin',
  Message: 'message.bin',
};

/** The credential of a proxy, as JSON of AccessKeyId and RawSecretAccessKey; whoever runs the command makes it. */
const CREDENTIAL_FILE = 'xks-proxy-credential.json';

/** The secret is in no command: shells keep a history, and every process of a machine may read another's arguments. */
function credentialWords({ credential }: KmsCall, files: InputFiles): { readonly options: string[]; readonly notes: string[] } {
  if (credential === undefined) return { options: [], notes: [] };
  const file = files['XksProxyAuthenticationCredential'] ?? CREDENTIAL_FILE;
  return {
    options: [option('--xks-proxy-authentication-credential', `file://${file}`)],
    notes: [
      `# ${file} holds {"AccessKeyId": ${JSON.stringify(credential.accessKeyId)}, "RawSecretAccessKey": "..."}: chmod 600 it before the secret`,
      '# is written into it, and remove it afterwards.',
    ],
  };
}

/** Whoever looks for a template in this place is told why there is none. */
function templateNote({ input }: KmsCall): string[] {
  if (!('Origin' in input) || input.Origin !== 'EXTERNAL_KEY_STORE') return [];
  return ['# No CloudFormation template can make this key: AWS::KMS::Key knows no external key stores.'];
}

/** Members of answers that are bytes, and the file each goes to. The CLI prints them as base64. */
const OUTPUT_FILES: Partial<Readonly<Record<Operation, readonly (readonly [member: string, file: string])[]>>> = {
  GetParametersForImport: [
    ['PublicKey', 'wrapping-key.der'],
    ['ImportToken', 'import-token.bin'],
  ],
  GetPublicKey: [['PublicKey', 'public-key.der']],
  GenerateMac: [['Mac', 'mac.bin']],
  Encrypt: [['CiphertextBlob', 'ciphertext.bin']],
  Decrypt: [['Plaintext', 'decrypted.bin']],
  ReEncrypt: [['CiphertextBlob', 're-encrypted.bin']],
  GenerateDataKey: [['CiphertextBlob', 'data-key.bin']],
  GenerateDataKeyWithoutPlaintext: [['CiphertextBlob', 'data-key.bin']],
};

/** `KeyId` -> `key-id`, as the CLI makes its names. */
function dashed(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, '$1-$2').toLowerCase();
}

/** The CLI would read a file or fetch a page in place of such a value. */
function wouldBeFetched(value: unknown): boolean {
  return typeof value === 'string' && /^(fileb?|https?):\/\//.test(value);
}

function option(name: string, value: string): string {
  return value.startsWith('-') ? `${name}=${shellWord(value)}` : `${name} ${shellWord(value)}`;
}

function valueText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parameter(member: string, value: unknown, files: InputFiles): string {
  const name = `--${dashed(member)}`;
  if (typeof value === 'boolean') return value ? name : `--no-${dashed(member)}`;
  if (value instanceof Uint8Array)
    return option(name, `fileb://${files[member] ?? INPUT_FILES[member] ?? `${dashed(member)}.bin`}`);
  return option(name, valueText(value));
}

function parametersOf({ input }: KmsCall, files: InputFiles): string[] {
  const members = Object.entries(input).filter(([, value]) => value !== undefined);
  const literal = members.filter(([, value]) => wouldBeFetched(value));
  const plain = members.filter(([, value]) => !wouldBeFetched(value)).map(([member, value]) => parameter(member, value, files));
  return literal.length === 0 ? plain : [...plain, option('--cli-input-json', JSON.stringify(Object.fromEntries(literal)))];
}

function placeOf({ region, profile, endpoint }: Place): string[] {
  const chosen = [
    ['--profile', profile],
    ['--region', region],
    ['--endpoint-url', endpoint],
  ] as const;
  return chosen.filter(([, value]) => value !== '').map(([name, value]) => option(name, value));
}

/** One answer into one file each: token and wrapping key of two answers do not belong together. */
function saved(operation: Operation): { readonly options: string[]; readonly after: string[] } {
  const outputs = OUTPUT_FILES[operation];
  if (!outputs) return { options: [], after: [] };
  const answer = `${dashed(operation)}.txt`;
  const query = `[${outputs.map(([member]) => member).join(',')}]`;
  const decode = outputs.map(([, file], i) => `cut -f ${i + 1} ${answer} | base64 --decode > ${file}`);
  return { options: [`--query ${shellWord(query)} --output text > ${answer}`], after: decode };
}

/**
 * A call as a command of the AWS CLI (1 or 2) for a POSIX shell, with the very parameters that are sent. Bytes are files of the
 * folder it runs in, and so is the credential of a proxy, whose secret no command ever holds. What it fetches is readable by its
 * owner alone.
 * @param files other names for the files that bytes are read from, as where a bundle has several sets
 */
export function awsCli(call: KmsCall, place: Place, files: InputFiles = {}): string {
  const { options, after } = saved(call.operation);
  const credential = credentialWords(call, files);
  const parameters = [...parametersOf(call, files), ...credential.options];
  const command = [`aws kms ${dashed(call.operation)}`, ...placeOf(place), ...parameters, ...options];
  const before = after.length === 0 ? [] : ['umask 077'];
  return [...templateNote(call), ...credential.notes, ...before, command.join(' \\\n  '), ...after].join('\n') + '\n';
}
