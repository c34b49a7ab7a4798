import { createHash } from 'node:crypto';
import { access, constants, readFile, statfs } from 'node:fs/promises';
import { hostname, release, type } from 'node:os';
import { join } from 'node:path';
import { success } from '../../contract/result';
import type { ShowBlock } from '../../keys/evidence';
import { check, facts, outcome, type Act } from './act';
import { connectedInterfaces, networkCheck } from './network';

/** Free space below which a ceremony should not begin, in bytes: transcript, artefacts, report, and room for whatever else the station writes. */
const LEAST_FREE_BYTES = 2 ** 30;

/** Looks at the station itself: the script is the approved one, there is room, evidence can be written, the network is as declared. */
export const stationPreflight: Act = async ({ state, packFolder, mirrorFolder, officers }) => {
  const { data } = state.genesis;
  const digest = createHash('sha256')
    .update(await readFile(join(packFolder, 'script.yaml')))
    .digest('hex');
  const { bavail, bsize } = await statfs(packFolder);
  const up = connectedInterfaces();
  const network = networkCheck(data.station, data.runMode);
  if (!network.ok) return network;
  const mirror = mirrorFolder === '' || (await isWritable(mirrorFolder));
  const checks = [
    check('CER-SCRIPT-DIGEST', digest === data.script.sha256, data.script.sha256, digest),
    check(
      'CER-DISK-SPACE',
      bavail * bsize >= LEAST_FREE_BYTES,
      'at least 1 GiB free',
      `${((bavail * bsize) / 2 ** 30).toFixed(1)} GiB free`,
    ),
    check(
      'CER-EVIDENCE-WRITABLE',
      (await isWritable(packFolder)) && mirror,
      'evidence folder and mirror can be written',
      mirror ? 'they can' : 'the mirror cannot',
    ),
    network.value,
  ];
  const known = await officers();
  if (!known.ok) return known;
  const now = new Date();
  const show = facts('Station', [
    ['Station', `${data.station.id}, ${data.station.kind}`],
    ['Computer', `${hostname()}, ${type()} ${release()}`],
    ['Keyrite', `${data.tool.version}, build ${data.tool.build}`],
    ['UTC', now.toISOString()],
    ['Time zone', Intl.DateTimeFormat().resolvedOptions().timeZone],
    ['Mirror', mirrorFolder === '' ? 'none: one copy of the evidence only' : mirrorFolder],
  ]);
  const people: ShowBlock = {
    kind: 'table',
    title: 'Officers this station knows: who is added later does not count in this ceremony',
    columns: ['Name', 'Officer', 'Key words'],
    rows: known.value.map(({ name, id, words }) => [name, id, words]),
    empty: 'Nobody',
  };
  const found = { freeBytes: bavail * bsize, interfacesUp: up, officers: known.value.map(({ id }) => id) };
  return success(outcome({ data: found, checks, show: [show, people] }));
};

function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}
