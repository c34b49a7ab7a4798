import type { Script } from '../ceremony/script';
import type { Inputs } from '../ceremony/variant';
import { PRACTICE_INPUTS } from '../rehearsal/practice';
import { isAtServers } from '../rehearsal/practice-server';
import { REHEARSAL_REGIONS } from '../rehearsal/rehearsal-aws';

/** Why a rehearsal in the terminal would end late with these inputs; null: nothing speaks against them. Said before anything is made. */
export function beyondRehearsal(script: Script, given: Inputs): string | null {
  const { awsAccount = PRACTICE_INPUTS.awsAccount, awsPrincipal = PRACTICE_INPUTS.awsPrincipal, awsRegion, place } = given;
  if (awsAccount !== PRACTICE_INPUTS.awsAccount)
    return `The rehearsal KMS is account ${PRACTICE_INPUTS.awsAccount} and no other. Leave awsAccount out.`;
  if (awsPrincipal !== PRACTICE_INPUTS.awsPrincipal)
    return `The rehearsal KMS is called by ${PRACTICE_INPUTS.awsPrincipal}. Leave awsPrincipal out.`;
  if (awsRegion !== undefined && !REHEARSAL_REGIONS.some((region) => region === awsRegion))
    return `The rehearsal KMS has the Regions ${REHEARSAL_REGIONS.join(', ')}.`;
  if (place === 'server' && 'place' in script.inputs && !isAtServers(script))
    return 'A rehearsal in the terminal has no servers to which files are carried. Leave place out; servers are rehearsed in the desktop app.';
  return null;
}
