import type { Script } from '../ceremony/script';
import { neededSeats, type Inputs } from '../ceremony/variant';
import { PRACTICE_INPUTS } from '../rehearsal/practice';
import { groundworkOf, namedIn, type ImportedKey } from '../rehearsal/practice-key';
import { isAtServers } from '../rehearsal/practice-server';
import { practiceServiceName } from '../rehearsal/practice-service';
import { inRepository } from '../setup/root.mjs';
import { findScript } from '../station/library';
import { beyondRehearsal } from './rehearsal-limits';
import { scriptInputs } from './script-inputs';
import { unknownScript } from './unknown-script';
import type { VerbContext } from './verb';

/** What the command line calls the inputs that scripts have in common. */
const INPUT_OPTIONS: Readonly<Record<string, string>> = {
  purpose: 'purpose',
  'key-spec': 'keySpec',
  algorithm: 'wrappingAlgorithm',
  'wrapping-key': 'wrappingKeySpec',
  label: 'keyLabel',
  token: 'tokenState',
};

/** A script with everything it asks for, ready to be rehearsed. */
export interface PlannedRehearsal {
  readonly script: Script;
  readonly inputs: Inputs;
  /** the seats this plan needs */
  readonly seats: readonly string[];
}

/** What is asked for on the command line, checked as far as it can be without the key that the script begins with. */
export interface AskedRehearsal {
  readonly plan: PlannedRehearsal;
  /** the ceremony to rehearse first, because the script begins with what it leaves; or null */
  readonly first: PlannedRehearsal | null;
  /** the plan with that key in it */
  readonly withKey: (key: ImportedKey) => PlannedRehearsal;
}

/** Fits the patterns of every script and names nothing: only for checking the other inputs. */
const NO_KEY: ImportedKey = {
  kmsKeyArn: 'arn:aws:kms:eu-central-1:000000000000:key/none',
  ckaId: '0'.repeat(32),
  keyLabel: 'byok-1',
  checkValue: '000000',
};

const ONE_HALF =
  'One half cannot be rehearsed alone in the terminal, for it waits for the medium of the other. Leave leg out: both halves are played at one station. Two stations are rehearsed in the desktop app, as docs/guides/byok.md shows.';

const ONE_SERVER =
  'A rehearsal in the terminal has one server, played by the proxy of the rehearsal. Leave fleetSize out, or say fleetSize=1.';

/** The script and its inputs, or a sentence about what does not fit. */
export async function planRehearsal({ positionals, values }: VerbContext): Promise<AskedRehearsal | string> {
  const name = positionals[0] ?? '';
  const found = await findScript(inRepository('resources'), name);
  if (!found.ok) return unknownScript(name);
  const { script } = found.value;
  const given = withOneServer(script, givenInputs(values));
  if (given === null) return ONE_SERVER;
  if (script.inputs['leg'] !== undefined && (given['leg'] === 'online' || given['leg'] === 'offline')) return ONE_HALF;
  const beyond = beyondRehearsal(script, given);
  if (beyond !== null) return beyond;
  const groundwork = groundworkOf(script);
  if (groundwork === null || given['kmsKeyArn'] !== undefined) {
    const plan = planned(script, given);
    return typeof plan === 'string' ? plan : { plan, first: null, withKey: () => plan };
  }
  const unnamed = { ...NO_KEY, keyLabel: script.inputs['keyLabel']?.default ?? NO_KEY.keyLabel };
  const plan = planned(script, { ...namedIn(script, unnamed), ...given });
  if (typeof plan === 'string') return plan;
  const before = await findScript(inRepository('resources'), groundwork);
  if (!before.ok) return unknownScript(groundwork);
  const first = planned(before.value.script, inputsBefore(before.value.script, plan));
  if (typeof first === 'string') return first;
  return { plan, first, withKey: (key) => ({ ...plan, inputs: { ...plan.inputs, ...namedIn(script, key) } }) };
}

/** What the ceremony before must leave the plan's own. */
const NOT_SHARED = ['importAs', 'leg', 'ckaId', 'place', 'fleetSize'];

/** Lets the ceremony before make the key that the plan speaks of: same kind, Region and wrapping; its label where the plan looks for it. */
function inputsBefore(before: Script, { script, inputs }: PlannedRehearsal): Inputs {
  const shared = Object.entries(inputs).filter(([name]) => name in before.inputs && !NOT_SHARED.includes(name));
  return Object.fromEntries(shared.filter(([name]) => name !== 'keyLabel' || 'ckaId' in script.inputs));
}

/** A script whose people act at servers is played at one; null: more were asked for. */
function withOneServer(script: Script, given: Inputs): Inputs | null {
  if (!isAtServers(script) || given['place'] !== 'server') return given;
  const { fleetSize = '1' } = given;
  return fleetSize === '1' ? { ...given, fleetSize } : null;
}

function planned(script: Script, given: Inputs): PlannedRehearsal | string {
  const suggested = {
    ...PRACTICE_INPUTS,
    wrappingAlgorithm: practiceAlgorithm(given['keySpec'] ?? ''),
    ...practiceEndpointService(script, given),
  };
  const inputs = scriptInputs(script, { given, suggested, runMode: 'rehearsal' });
  return typeof inputs === 'string' ? inputs : { script, inputs, seats: neededSeats(script, inputs) };
}

/** What KMS takes for this kind of key, with SHA-1 because SoftHSM has nothing else. */
function practiceAlgorithm(keySpec: string): string {
  return /^(RSA|ECC)_/.test(keySpec) ? 'RSA_AES_KEY_WRAP_SHA_1' : PRACTICE_INPUTS.wrappingAlgorithm;
}

/** A plan for an endpoint service finds the one that a rehearsal has. */
function practiceEndpointService({ inputs }: Script, { connectivity, awsRegion }: Inputs): Inputs {
  const region = awsRegion ?? inputs['awsRegion']?.default;
  return connectivity === 'vpc' && region !== undefined ? { vpcServiceName: practiceServiceName(region) } : {};
}

function givenInputs(values: VerbContext['values']): Inputs {
  const named = Object.entries(INPUT_OPTIONS).flatMap(([option, input]): [string, string][] => {
    const value = values[option];
    return typeof value === 'string' ? [[input, value]] : [];
  });
  const pairs = (Array.isArray(values['input']) ? values['input'] : []).map((pair) => String(pair).split('='));
  return Object.fromEntries([...named, ...pairs.map(([name = '', ...value]) => [name, value.join('=')] as const)]);
}
