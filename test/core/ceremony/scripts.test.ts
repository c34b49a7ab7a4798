import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScript } from '../../../core/ceremony/script-file';
import { plannedSteps } from '../../../core/ceremony/variant';

const folder = new URL('../../../resources/ceremonies/', import.meta.url);

describe('the shipped ceremony scripts', () => {
  for (const name of readdirSync(folder)) {
    it(`${name} reads and lints without a finding`, () => {
      expect(readScript(readFileSync(new URL(name, folder), 'utf8'))).toMatchObject({ ok: true });
    });
  }

  it('destroy nothing before the key is identified, and speak of media only where some are written', () => {
    const reading = readScript(readFileSync(new URL('key-destroy.yaml', folder), 'utf8'));
    if (!reading.ok) throw new Error('key-destroy.yaml is no script');
    const steps = plannedSteps(reading.script, { leg: 'both', what: 'everything' }).map(({ step }) => step);
    const at = (verb: string) => steps.findIndex(({ do: act }) => act.action === 'act' && act.verb === verb);
    const readOut = steps.findIndex(({ effects }) => effects.includes('key.readOut'));
    const acts = ['token.checkValue', 'token.destroy', 'aws.deleteMaterial', 'aws.scheduleDeletion'].map(at);
    expect(acts.toSorted((a, b) => a - b)).toEqual(acts);
    expect([acts.every((one) => one > 0), readOut > 0 && readOut < at('token.destroy')]).toEqual([true, true]);
    expect(JSON.stringify(reading.script)).not.toMatch(/\bmedia\b/);
  });
});
