import type { CeremonyInput } from '../../../core/contract/values';

export type InputGroup = 'ceremony' | 'key' | 'store' | 'wrapping' | 'aws';

/** What an input is about. One that is not named here is about the ceremony itself. */
const GROUP_OF: Readonly<Record<string, InputGroup>> = {
  keySpec: 'key',
  keyUsage: 'key',
  keyLabel: 'key',
  ckaId: 'key',
  checkValue: 'key',
  keyState: 'key',
  healthLabel: 'key',
  storeName: 'store',
  connectivity: 'store',
  uriPrefix: 'store',
  proxyHost: 'store',
  vpcServiceName: 'store',
  vpcServiceOwner: 'store',
  allowedPrincipal: 'store',
  refusedPrincipal: 'store',
  consoleFile: 'store',
  wrappingAlgorithm: 'wrapping',
  wrappingKeySpec: 'wrapping',
  awsAccount: 'aws',
  awsRegion: 'aws',
  awsPrincipal: 'aws',
  alias: 'aws',
  multiRegion: 'aws',
  replicaRegions: 'aws',
  kmsKeyArn: 'aws',
  deletionDays: 'aws',
};

const ORDER: readonly InputGroup[] = ['ceremony', 'key', 'store', 'wrapping', 'aws'];
/** A form of so few fields is read at one glance. */
const FEW = 6;

/** One option is no choice: it is told, not asked. */
export function isFixed(input: CeremonyInput): boolean {
  return input.options?.length === 1;
}

/** The inputs to fill in, a group each where there are many; `group` null: all of few, without a heading. */
export function groupInputs(
  inputs: readonly CeremonyInput[],
): readonly { readonly group: InputGroup | null; readonly inputs: readonly CeremonyInput[] }[] {
  const open = inputs.filter((input) => !isFixed(input));
  if (open.length <= FEW) return [{ group: null, inputs: open }];
  return ORDER.map((group) => ({ group, inputs: open.filter(({ name }) => (GROUP_OF[name] ?? 'ceremony') === group) })).filter(
    (each) => each.inputs.length > 0,
  );
}
