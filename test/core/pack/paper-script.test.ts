import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { readScript } from '../../../core/ceremony/script-file';
import { defaultInputs } from '../../../core/ceremony/variant';
import { drawPaperScript } from '../../../core/pack/paper-script';
import { sha256Bytes } from '../../../core/pack/sha256';

/** What would be drawn, as text that can be looked into. */
vi.mock('../../../core/pack/report/pdf', () => ({
  pdf: (drawn: unknown) => Promise.resolve(new TextEncoder().encode(JSON.stringify(drawn))),
}));

async function drawnOf(id: string, given: Readonly<Record<string, string>>): Promise<string> {
  const bytes = readFileSync(new URL(`../../../resources/ceremonies/${id}.yaml`, import.meta.url));
  const reading = readScript(bytes.toString('utf8'));
  if (!reading.ok) throw new Error(`${id}.yaml is no script`);
  const { script } = reading;
  const inputs = { ...defaultInputs(script), ...given };
  const paper = { script, sha256: sha256Bytes(bytes), ceremonyId: `${id}-1`, inputs, printedAt: new Date(0) };
  return new TextDecoder().decode(await drawPaperScript({ ...paper, runMode: 'rehearsal' }));
}

describe('what is read and ticked on the paper script', () => {
  it('has the values of the plan in its places', async () => {
    const drawn = await drawnOf('byok', { awsAccount: '123456789012' });
    expect(drawn).toContain('The account is 123456789012.');
    expect(drawn).not.toMatch(/\{aws[A-Za-z]+\}/);
  });

  it('has a line to write on where the ceremony itself finds out', async () => {
    const drawn = await drawnOf('xks-store', {
      connectivity: 'vpc',
      vpcServiceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-1',
    });
    expect(drawn).toMatch(/This station was not shown: _+\. /);
    expect(drawn).toContain('It is the service com.amazonaws.vpce.eu-central-1.vpce-svc-1, Available');
    expect(drawn).not.toContain('endpointService.unseen');
  });
});
