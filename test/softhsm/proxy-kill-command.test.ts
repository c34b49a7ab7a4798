import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { errorNameOf, type Exchange } from '../../core/as-kms/exchange';
import { pullKillSwitch } from '../../core/control/kill';
import { verifyAudit } from '../../core/pack/verify-audit';
import { buildEntries, type BuiltEntries } from './build-child';
import { buildFaultyModule, hasCompiler, type FaultyModule } from './faulty-module/build';
import { hasSoftHsm } from './ground';
import {
  encryptCall,
  FIRST,
  isServing,
  kms,
  makeServiceToken,
  startService,
  until,
  writeServiceSettings,
  type Token,
} from './service-ground';

const PLAINTEXT = new Uint8Array(32).fill(0x5a);

/** What the load has to see before and after the kill, in answers. */
const SOME = 200;

function outcomeOf(exchange: Exchange): string {
  if (exchange.kind !== 'answer') return exchange.kind;
  return exchange.status === 200 ? 'ok' : errorNameOf(exchange);
}

describe.skipIf(!hasSoftHsm || !hasCompiler || process.platform === 'win32')(
  'keyrite kill while KMS calls without a pause',
  () => {
    let built: BuiltEntries;
    let token: Token;
    let module: FaultyModule;

    beforeAll(async () => {
      built = await buildEntries({ 'hsm-process': 'proxy/hsm/process/main.ts' });
      token = makeServiceToken();
      module = buildFaultyModule(token.folder, token.module);
    });

    afterAll(async () => {
      token.remove();
      await built.remove();
    });

    it('is the end of all HSM operations within 50 ms of its acknowledgement, and of all answers but InvalidStateException', async () => {
      const folder = join(token.folder, 'killed');
      const proxy = await startService(writeServiceSettings(token, folder, { module: module.path }), built.path('hsm-process'));
      onTestFinished(() => proxy.stop());
      await until(() => isServing(proxy));
      const callers = Array.from({ length: 8 }, () => kms(proxy.server.port, FIRST));
      onTestFinished(() => callers.forEach((caller) => caller.close()));
      const before: string[] = [];
      const after: string[] = [];
      let acknowledgedAt = Number.POSITIVE_INFINITY;
      const load = callers.map(async (caller) => {
        while (after.length < SOME) {
          // A call that began before the acknowledgement may have been answered by the HSM.
          const list = Date.now() > acknowledgedAt ? after : before;
          list.push(outcomeOf(await encryptCall(caller, PLAINTEXT)));
        }
      });
      await until(() => before.length >= SOME);
      const end = await pullKillSwitch(join(folder, 'state'), { who: 'a test', why: 'to see' });
      acknowledgedAt = Date.now();
      await Promise.all(load);
      expect(end).toMatchObject({ how: 'acknowledged', answer: { restart: 'same' } });
      expect([...new Set(before)].toSorted()).toEqual(['InvalidStateException', 'ok']);
      expect([...new Set(after)]).toEqual(['InvalidStateException']);
      expect(module.lastDataCall()).toBeGreaterThan(0);
      expect(module.lastDataCall() - acknowledgedAt).toBeLessThanOrEqual(50);
      await proxy.stop();
      const audit = join(folder, 'audit');
      expect(await verifyAudit(audit)).toMatchObject({ exitCode: 0 });
      const lines = readdirSync(audit).flatMap((name) => readFileSync(join(audit, name), 'utf8').split('\n'));
      expect(lines.filter((line) => line.includes('"type":"killed"') && line.includes('"why":"to see"'))).toHaveLength(1);
    });
  },
);
