import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundleExpectation } from '../../../core/bundle/expectation';
import type { Bundle } from '../../../core/bundle/inspect';
import { BUNDLE_GATES } from '../../../core/bundle/layout';
import type { BundleSignature, UnsignedManifest } from '../../../core/bundle/manifest';
import { prepareBack, prepareOut, type BackFacts, type BundleFacts, type PreparedBundle } from '../../../core/bundle/prepare';
import { writeBundle } from '../../../core/bundle/write-bundle';
import type { Result } from '../../../core/contract/result';
import { approvalText } from '../../../core/evidence/signed-text';
import { sampleOfficer, signText, type SampleOfficer } from '../evidence/sample-transcript';

const folders: string[] = [];

/** An empty folder that stands for a freshly formatted medium. */
export async function medium(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-bundle-'));
  folders.push(folder);
  return folder;
}

/** For afterAll. */
export async function removeMedia(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

export const hex = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

/** Two who may approve at the online station, two at the offline one, and one whom nobody knows. */
export const AO = sampleOfficer('AO', 'AO', 'Amara Nwosu');
export const AA = sampleOfficer('AA', 'AA', 'Björn Åkesson');
export const CO1 = sampleOfficer('CO1', 'CO', 'Chiyo Tanaka');
export const CO2 = sampleOfficer('CO2', 'CO', 'Désirée Müller');
export const STRANGER = sampleOfficer('AA', 'AA', 'Björn Åkesson');

const spki = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' });
export const WRAPPING_KEYS = [spki(), spki(), spki()] as const;
export const BLOBS = [1, 2, 3].map((n) => new Uint8Array(256).fill(n));

export const CREATED = '2026-11-22T09:00:00.000Z';
export const VALID_TO = '2026-11-23T08:58:00.000Z';
export const ACCOUNT = '111122223333';
const MULTI_REGION_ID = 'mrk-0123456789abcdef0123456789abcdef';
export const SINGLE_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'] as const;

export const arn = (region: string, id: string) => `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`;

function factsOf(officers: readonly SampleOfficer[], stationId: string): BundleFacts {
  return {
    ceremonyId: 'byok-2026-11-22-a1b2',
    runMode: 'rehearsal',
    scriptSha256: hex('script'),
    stationId,
    createdUtc: CREATED,
    genesis: hex(`genesis of ${stationId}`),
    prevHead: hex(`head of ${stationId}`),
    accountId: ACCOUNT,
    keySpec: 'SYMMETRIC_DEFAULT',
    wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    wrappingKeySpec: 'RSA_2048',
    approvers: officers.map(({ participant: { seat, officer, name } }) => ({ seat, officer, name })),
  };
}

export const OUT_FACTS = factsOf([AO, AA], 'online-1');

/** Sets as GetParametersForImport gives them: one, or one for each Region of a multi-Region key. */
export function outSets(count = 1) {
  return REGIONS.slice(0, count).map((region, i) => ({
    region,
    keyArn: arn(region, count > 1 ? MULTI_REGION_ID : SINGLE_ID),
    spki: WRAPPING_KEYS[i]!,
    importTokenSha256: hex(`token ${i}`),
    parametersValidTo: VALID_TO,
  }));
}

export function sampleOut(changes: Partial<BundleFacts> = {}, count = 1): PreparedBundle {
  return prepareOut({ ...OUT_FACTS, ...changes }, outSets(count));
}

export function backFacts(out: PreparedBundle): BackFacts {
  return {
    ...factsOf([CO1, CO2], 'offline-1'),
    answers: out.digest,
    checkValue: { method: 'CMAC', value: 'A1B2C3' },
    hsmSerial: '4a1c09d2e0f31b77',
    templateSha256: hex('template'),
    mechanism: 'CKM_RSA_PKCS_OAEP',
    parameters: 'hash SHA-256, MGF1 SHA-256',
    proof: { kind: 'doubleWrap' },
  };
}

export function sampleBack(out: PreparedBundle, changes: Partial<BackFacts> = {}): PreparedBundle {
  const sets = out.manifest.sets.map(({ file: _, ...set }, i) => ({ ...set, blob: BLOBS[i]! }));
  return prepareBack({ ...backFacts(out), ...changes }, sets);
}

/** The signatures officers give at the gate of the bundle. */
export function signed(prepared: PreparedBundle, ...officers: SampleOfficer[]): BundleSignature[] {
  const { genesis, kind } = prepared.manifest;
  const text = approvalText(genesis, BUNDLE_GATES[kind], prepared.digest);
  return officers.map(({ participant: { seat, officer, name, publicKey }, key }) => ({
    seat,
    officer,
    name,
    publicKey,
    signature: signText(key, text),
  }));
}

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** A medium with the OUT bundle on it, signed by AO and AA. */
export async function outMedium(count = 1): Promise<{ folder: string; bundle: Bundle; prepared: PreparedBundle }> {
  const folder = await medium();
  const prepared = sampleOut({}, count);
  return { folder, prepared, bundle: value(await writeBundle(folder, prepared, signed(prepared, AO, AA))) };
}

/** A medium with the BACK bundle that answers `out`, signed by both crypto officers. */
export async function backMedium(out: PreparedBundle): Promise<{ folder: string; bundle: Bundle }> {
  const folder = await medium();
  const prepared = sampleBack(out);
  return { folder, bundle: value(await writeBundle(folder, prepared, signed(prepared, CO1, CO2))) };
}

/** What the offline station expects of `outMedium()`, two hours after it was made. */
export function outExpectation(changes: Partial<Common> = {}): BundleExpectation {
  return { ...COMMON, kind: 'byok-out', answers: null, ...changes };
}

/** What the online station expects of the BACK bundle that answers `answers`. */
export function backExpectation(answers: UnsignedManifest, changes: Partial<Common> = {}): BundleExpectation {
  const keyArns = answers.sets.map(({ keyArn }) => keyArn);
  const signers = { known: known(CO1, CO2), atLeast: 2, of: ['CO'] };
  return { ...COMMON, kind: 'byok-back', answers, keyArns, signers, ...changes };
}

type Common = Omit<BundleExpectation, 'kind' | 'answers'>;

export const known = (...officers: SampleOfficer[]) =>
  officers.map(({ participant: { name, publicKey } }) => ({ name, publicKey, rehearsal: true }));

const COMMON: Common = {
  runMode: 'rehearsal',
  scriptSha256: hex('script'),
  ceremonyId: 'byok-2026-11-22-a1b2',
  keyArns: [arn('eu-central-1', SINGLE_ID)],
  keySpec: 'SYMMETRIC_DEFAULT',
  wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_2048' },
  signers: { known: known(AO, AA), atLeast: 2, of: ['AO', 'AA'] },
  clock: { nowMs: Date.parse('2026-11-22T11:00:00.000Z'), marginMs: 4 * 3_600_000 },
};
