import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../core/ceremony/view-model';
import { verifyPack } from '../../core/pack/verify';
import { issueForRehearsal, rehearsalAuthority } from '../../core/tls/rehearsal-authority';
import { hasSoftHsm, must } from './ground';
import { secretOf, secretPem, secretsIn } from './secrets-of';
import { oneStation } from './one-xks-station';
import { happened, isNext, type XksStation } from './xks-station';

const HOST = 'xks.rehearsal.example';

let one: XksStation;
oneStation((station) => (one = station));

describe.skipIf(!hasSoftHsm)('a key store whose proxy runs on servers', () => {
  it(
    'takes no certificate that AWS KMS would refuse; what was made until then goes with the ceremony',
    { timeout: 120_000 },
    async () => {
      const station = one.open();
      const { ceremonyId } = must(await one.start(station, 'xks-store', { place: 'server' }));
      must(await one.playUntil(station, isNext('tls.readCertificate')));
      const isCalled = ({ exceptions }: CeremonyView) => exceptions.some(({ decision }) => decision === null);
      const again = async () => must(await one.playUntil(station, isNext('tls.readCertificate'), { decide: () => 'repeat' }));
      expect(happened(must(await one.playUntil(station, isCalled))).at(-1)).toMatch(/^file\.notFound, file certificate\.pem/);
      await again();
      const pack = join(one.evidence, ceremonyId);
      const requestPem = await readFile(join(pack, 'artefacts', 'certificate-request.pem'), 'utf8');
      const now = new Date();
      const authority = await rehearsalAuthority({ now });
      await mkdir(one.media('back'), { recursive: true });
      for (const [flaw, rules] of [
        [null, /^CER-TLS-CHAIN-COMPLETE: [^;]*$/],
        ['wrongName', /CER-TLS-NAME-CN: .*CER-TLS-NAME-SAN: /],
        ['expired', /CER-TLS-VALID-NOW: /],
      ] as const) {
        const { chainPem } = must(issueForRehearsal(authority, { requestPem, host: HOST, now, flaw }));
        await writeFile(join(one.media('back'), 'certificate.pem'), chainPem);
        const called = must(await one.playUntil(station, isCalled));
        expect(happened(called).at(-1)).toMatch(rules);
        expect(called.exceptions.at(-1)?.allowed, 'nobody goes on with it').toEqual(['repeat', 'stop']);
        if (flaw !== 'expired') await again();
      }

      const privately = join(one.ground.privateFolder, ceremonyId, 'proxy');
      const [id = ''] = await readdir(join(privately, 'secrets'));
      const secrets = [
        secretOf('credential', await readFile(join(privately, 'secrets', id))),
        secretPem('TLS key', await readFile(join(privately, 'tls', 'key.pem'), 'utf8')),
      ];
      expect((await secretsIn([privately], secrets)).found).toHaveLength(2);
      const view = must(await one.play(station, { decide: () => 'stop' }));
      await station.leave();
      expect(view.outcome).toBe('aborted');
      expect(await readdir(one.ground.privateFolder), 'it goes with the seal').toEqual([]);
      expect((await secretsIn([one.evidence], secrets)).found).toEqual([]);
      expect(await verifyPack(pack)).toMatchObject({ ok: true, judged: true, outcome: 'aborted' });
    },
  );
});
