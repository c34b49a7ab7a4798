import { which } from './system-packages.mjs';

const FLOOR = Object.freeze({ major: 20, minor: 19 });

/**
 * Is this Node new enough (>= 20.19, which can `require` ES modules), and is npm there?
 * @param {string} [version] e.g. 20.19.0
 * @returns {string | null} what is wrong and what to do, or null
 */
export function nodeProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > FLOOR.major || (major === FLOOR.major && minor >= FLOOR.minor);
  if (!enough) {
    return `This is Node ${version}; Keyrite needs ${FLOOR.major}.${FLOOR.minor} or newer. Install a current one from https://nodejs.org or with: nvm install ${FLOOR.major}`;
  }
  return which('npm') ? null : 'npm is not on the PATH. It comes with Node: https://nodejs.org';
}
