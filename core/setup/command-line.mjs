import { parseArgs } from 'node:util';

/**
 * Reads the few options of the set-up commands.
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} O
 * @param {readonly string[]} args
 * @param {O} options
 * @returns {{ readonly values: ReturnType<typeof parseArgs<{ options: O }>>['values'], readonly problem: null } | { readonly values: null, readonly problem: string }}
 */
export function readCommandLine(args, options) {
  try {
    return { values: parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values, problem: null };
  } catch (error) {
    return { values: null, problem: error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error) };
  }
}

export const PERMISSION_OPTIONS = /** @type {const} */ ({
  yes: { type: 'boolean', default: false },
  'no-install': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
});
