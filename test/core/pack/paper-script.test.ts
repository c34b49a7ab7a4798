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

describe('what is ticked on the paper script', () => {
  it('has the values of the plan in its places', async () => {
    const bytes = readFileSync(new URL('../../../resources/ceremonies/byok.yaml', import.meta.url));
    const reading = readScript(bytes.toString('utf8'));
    if (!reading.ok) throw new Error('byok.yaml is no script');
    const { script } = reading;
    const inputs = { ...defaultInputs(script), awsAccount: '123456789012' };
    const paper = { script, sha256: sha256Bytes(bytes), ceremonyId: 'byok-1', inputs, printedAt: new Date(0) };
    const drawn = new TextDecoder().decode(await drawPaperScript({ ...paper, runMode: 'rehearsal' }));
    expect(drawn).toContain('The account is 123456789012.');
    expect(drawn).not.toMatch(/\{aws[A-Za-z]+\}/);
  });
});
