/**
 * `npm run package`: builds the app and packs it with electron-builder for this platform. Arguments go to electron-builder
 * (`npm run package -- --dir` for an unpacked folder). All settings are in electron-builder.yml; only where the Electron runtime
 * lies is told from here, so that a machine that cannot download one packs the one it has.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { endCleanlyOnSignals, run } from './child.mjs';
import { EXIT } from './exit-codes.mjs';
import { inRepository } from './root.mjs';
import { say } from './say.mjs';

/** electron-builder's settings for a runtime at hand: its folder and its version, which may differ from the one in package.json. */
export function runtimeSettings(dist = process.env['ELECTRON_OVERRIDE_DIST_PATH']) {
  if (!dist) return [];
  const version = readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
  return [`-c.electronDist=${dist}`, `-c.electronVersion=${version}`];
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
async function pack(args) {
  const broken = await build();
  if (broken !== null) {
    say(broken);
    return EXIT.failed;
  }
  const builder = inRepository('node_modules', 'electron-builder', 'out', 'cli', 'cli.js');
  const ended = await run(process.execPath, [builder, '--config', 'electron-builder.yml', ...runtimeSettings(), ...args], {
    interactive: true,
  });
  return ended.code === 0 ? EXIT.done : EXIT.failed;
}

endCleanlyOnSignals();
process.exitCode = await pack(process.argv.slice(2));
