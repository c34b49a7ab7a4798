import { verb, type VerbFacts } from '../verb-facts';

/** Acts on what crosses the air gap. */
export const BUNDLE_VERBS = {
  'bundle.prepareOut': verb('Write out the bundle for the offline station', {
    requires: ['sets.fetched'],
    effects: ['out.prepared'],
  }),
  'bundle.writeOut': verb('Write the bundle onto the OUT medium', {
    medium: 'out',
    requires: ['out.approved'],
    effects: ['out.written'],
  }),
  'bundle.rereadOut': verb('Read the OUT medium again', { medium: 'out', requires: ['out.written'], effects: ['out.reread'] }),
  'bundle.readOut': verb('Take in the OUT medium', { medium: 'out', effects: ['out.read'] }),
  'bundle.prepareBack': verb('Write out the bundle for the online station', {
    requires: ['key.wrapped'],
    effects: ['back.prepared'],
  }),
  'bundle.writeBack': verb('Write the bundle onto the BACK medium', {
    medium: 'back',
    requires: ['back.approved'],
    effects: ['back.written'],
  }),
  'bundle.rereadBack': verb('Read the BACK medium again', {
    medium: 'back',
    requires: ['back.written'],
    effects: ['back.reread'],
  }),
  'bundle.readBack': verb('Take in the BACK medium', {
    medium: 'back',
    requires: ['out.written'],
    effects: ['back.read'],
  }),
} as const satisfies Record<string, VerbFacts>;
