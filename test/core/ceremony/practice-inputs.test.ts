import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Script } from '../../../core/ceremony/script';
import { defaultInputs, ruledOut } from '../../../core/ceremony/variant';
import { asChoice, listScripts } from '../../../core/station/library';

const RESOURCES = resolve(import.meta.dirname, '../../../resources');

/** What nobody has outside of a rehearsal. */
const FOR_PRACTICE = /0{12}|rehearsal|snape/;

let scripts: readonly Script[];
beforeAll(async () => {
  const listed = await listScripts(RESOURCES);
  if (!listed.ok) throw new Error(listed.error.code);
  scripts = listed.value.map(({ script }) => script);
});

describe('defaults that are there in rehearsals alone', () => {
  it('are marked in every script', () => {
    const unmarked = scripts.flatMap(({ id, inputs }) =>
      Object.entries(inputs).flatMap(([name, input]) =>
        FOR_PRACTICE.test(input.default) && input.practice !== true ? [`${id} ${name}`] : [],
      ),
    );
    expect(unmarked).toEqual([]);
  });

  it('are refused in production one by one, with the input and what stands in it, and taken in a rehearsal', () => {
    // what else a script rules out is not asked here
    for (const script of scripts.map((one) => ({ ...one, never: [] }))) {
      const marked = Object.entries(script.inputs).filter(([, { practice }]) => practice === true);
      const own: Record<string, string> = {
        ...defaultInputs(script),
        ...Object.fromEntries(marked.map(([name]) => [name, 'own'])),
      };
      expect([script.id, ruledOut(script, own, 'production')]).toEqual([script.id, null]);
      for (const [name, { title, default: value }] of marked) {
        const inputs = { ...own, [name]: value };
        expect(ruledOut(script, inputs, 'production')).toBe(
          `${title}: ${value} is for practice. Production needs what is yours.`,
        );
        expect(ruledOut(script, inputs, 'rehearsal')).toBeNull();
      }
    }
  });

  it('are said at the start, where people choose', () => {
    const script = scripts.find(({ id }) => id === 'xks-store');
    const choice = script && asChoice({ script, sha256: '0'.repeat(64) } as Parameters<typeof asChoice>[0]);
    expect(choice?.never).toContainEqual({
      inputs: { storeName: ['rehearsal-store'] },
      runMode: 'production',
      because: 'Name of the key store: rehearsal-store is for practice. Production needs what is yours.',
    });
  });
});
