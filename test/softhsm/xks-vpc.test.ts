import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyPack } from '../../core/pack/verify';
import { practiceService } from '../../core/rehearsal/practice-service';
import { hasSoftHsm, must } from './ground';
import { oneStation } from './one-xks-station';
import { happened, REGION, type XksStation } from './xks-station';

const SERVICE = practiceService(REGION, 'xks.rehearsal.example').name;

let one: XksStation;
oneStation((station) => (one = station));

interface LookResult {
  readonly data: { readonly items: readonly { readonly rule: string; readonly said: string }[] };
  readonly checks: readonly { readonly rule: string; readonly ok: boolean }[];
}

/** What each look at the endpoint service came to, as the record has it. */
async function looksOf(ceremonyId: string): Promise<readonly LookResult[]> {
  const text = await readFile(join(one.evidence, ceremonyId, 'transcript.jsonl'), 'utf8');
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; data: LookResult & { operation: string } });
  return events.filter(({ type, data }) => type === 'result' && data.operation === 'aws.lookAtService').map(({ data }) => data);
}

describe.skipIf(!hasSoftHsm)('a key store behind an endpoint service', () => {
  it(
    'is made after a look at the service: what is wrong holds the ceremony, what may not be seen is read out and ticked',
    { timeout: 180_000 },
    async () => {
      const aws = must(await one.aws.running());
      const refuse = (operation: string, name: string) =>
        aws.fail({ operation, times: 1, kind: { error: { name, status: 403 } } });
      refuse('DescribeVpcEndpointServiceConfigurations', 'InvalidVpcEndpointServiceId.NotFound');
      refuse('DescribeVpcEndpointServicePermissions', 'UnauthorizedOperation');
      refuse('DescribeTargetHealth', 'AccessDenied');

      const held: (readonly string[])[] = [];
      const readOut: string[] = [];
      const view = await one.through(
        'xks-store',
        { connectivity: 'vpc', vpcServiceName: SERVICE },
        {
          decide: ({ happened: what, allowed }) => {
            if (what.startsWith('CER-VPC-')) held.push(allowed);
            return what.startsWith('CER-VPC-') ? 'repeat' : 'continue';
          },
          onMove: ({ step }) => {
            if (step?.id === '4.3') readOut.push(step.read.text);
          },
        },
      );

      expect(view.outcome).toBe('completed');
      expect(happened(view).filter((what) => what.startsWith('CER-VPC-'))).toEqual([
        expect.stringMatching(/^CER-VPC-SERVICE-FOUND: not there/),
      ]);
      expect(held).toEqual([['repeat', 'stop']]);
      expect(readOut[0]).toMatch(/was not shown: Allowed principal, Targets\. /);
      const [first, second] = await looksOf(view.ceremonyId);
      expect(first?.checks).toMatchObject([{ rule: 'CER-VPC-SERVICE-FOUND', ok: false }]);
      const unseen = ['CER-VPC-PRINCIPAL', 'CER-VPC-TARGETS'];
      expect(second?.checks.every(({ ok }) => ok)).toBe(true);
      expect(second?.checks.filter(({ rule }) => unseen.includes(rule))).toEqual([]);
      expect(second?.checks).toHaveLength(7);
      expect(second?.data.items.filter(({ said }) => !said.startsWith('seen: '))).toEqual(
        unseen.map((rule) => ({ rule, said: 'not permitted to see: people tick it' })),
      );
      expect(await one.store()).toMatchObject({
        connectivity: 'VPC_ENDPOINT_SERVICE',
        vpcServiceName: SERVICE,
        connectionState: 'CONNECTED',
      });
      expect(await verifyPack(join(one.evidence, view.ceremonyId))).toMatchObject({
        ok: true,
        judged: true,
        outcome: 'completed',
      });
    },
  );
});
