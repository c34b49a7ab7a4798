/**
 * Who may import whom: the table of docs/decisions/0001, enforced. Rooms of core that are pure hold the trade and its
 * evidence; they get their hashes and clocks handed in, so that the same code runs in a page, a child process and a test.
 */
const PURE = '^core/(ceremony|contract|evidence|keys|policy|xks)/';
const SCRIPT_READER = '^core/ceremony/script-file\\.ts$';
const IMPURE =
  '^core/(as-kms|bundle|cli|control|deployment|kms|officers|pack|pkcs11|rehearsal|service|setup|station|supervision|tls|wrapping)/';
const NODE = ['core'];

/** One package, one room: whoever else needs it asks that room. */
const onlyIn = (name, room, packages) => ({
  name,
  severity: 'error',
  from: { pathNot: room },
  to: { path: `^node_modules/(${packages})(/|$)` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-orphans',
      comment: 'A file nobody imports and that imports nothing is forgotten.',
      severity: 'error',
      from: { orphan: true, path: '^(core|electron|proxy|renderer)/', pathNot: ['\\.d\\.ts$', 'tsconfig'] },
      to: {},
    },
    {
      name: 'pure-imports-pure-only',
      severity: 'error',
      from: { path: PURE, pathNot: SCRIPT_READER },
      to: { pathNot: [PURE, '^resources/', '^node_modules/(zod|canonicalize)(/|$)'] },
    },
    {
      name: 'script-reader-imports-yaml-besides',
      comment: 'Reading a script belongs to its grammar, and the YAML parser is as pure as the room: no node:, no DOM.',
      severity: 'error',
      from: { path: SCRIPT_READER },
      to: { pathNot: [PURE, '^node_modules/(zod|yaml)(/|$)'] },
    },
    { name: 'pure-has-no-node', severity: 'error', from: { path: PURE }, to: { dependencyTypes: NODE } },
    {
      name: 'core-knows-no-runtime',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: ['^(electron|renderer|proxy|test)/', '^node_modules/(electron|react|react-dom|@cloudscape-design)(/|$)'] },
    },
    {
      name: 'nobody-imports-the-terminal',
      severity: 'error',
      from: { path: '^(core|electron|proxy|renderer)/', pathNot: '^core/cli/' },
      to: { path: '^core/cli/' },
    },
    {
      name: 'set-up-stands-alone',
      comment: 'It runs before anything is installed.',
      severity: 'error',
      from: { path: '^core/setup/' },
      to: { pathNot: '^core/setup/', dependencyTypesNot: NODE },
    },
    {
      name: 'set-up-serves-the-terminal',
      severity: 'error',
      from: { path: '^(core|electron|proxy|renderer)/', pathNot: '^core/(setup|cli)/' },
      to: { path: '^core/setup/' },
    },
    {
      name: 'token-and-pack-know-no-station',
      severity: 'error',
      from: { path: '^core/(pkcs11|pack|officers|bundle|kms)/' },
      to: { path: '^core/(station|rehearsal)/', pathNot: '^core/station/port\\.ts$' },
    },
    {
      name: 'proxy-imports-little-of-core',
      severity: 'error',
      from: { path: '^proxy/' },
      to: { path: ['^(electron|renderer|test)/', IMPURE], pathNot: '^core/(control|pack|pkcs11)/' },
    },
    {
      name: 'desktop-launches-the-proxy',
      comment: 'By path, never by import.',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^(proxy|renderer|test)/' },
    },
    {
      name: 'pages-see-the-contract-only',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '^renderer/vite\\.config\\.ts$' },
      to: {
        path: '^(core|electron|proxy|test|resources)/',
        pathNot: ['^core/(contract|keys)/', '^core/ceremony/(view-model|command)\\.ts$', '^core/evidence/words\\.ts$'],
      },
    },
    {
      name: 'pages-have-no-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: ['^renderer/vite\\.config\\.ts$', '^renderer/font-files\\.ts$'] },
      to: { dependencyTypes: NODE },
    },
    {
      name: 'pages-import-react-and-cloudscape-only',
      severity: 'error',
      from: { path: '^renderer/', pathNot: ['^renderer/vite\\.config\\.ts$', '^renderer/font-files\\.ts$'] },
      to: {
        path: '^node_modules/',
        pathNot: '^node_modules/(react|react-dom|@types/react|@types/react-dom|@cloudscape-design|vite)(/|$)',
      },
    },
    onlyIn('pkcs11js-only-in-pkcs11', '^(core/pkcs11|test)/', 'pkcs11js'),
    onlyIn('electron-only-in-electron', '^(electron|test)/', 'electron'),
    onlyIn('aws-only-in-kms', '^(core/kms|test)/', '@aws-sdk'),
    onlyIn('pdf-only-in-pack', '^(core/pack|test)/', 'pdfmake'),
    onlyIn('forge-only-in-tls', '^(core/tls|test)/', 'node-forge'),
    {
      name: 'source-knows-no-test',
      severity: 'error',
      from: { path: '^(core|electron|proxy|renderer)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
    doNotFollow: { path: '^(node_modules|dist)/' },
    exclude: { path: ['^dist/', '/fixtures/', '\\.css$'] },
  },
};
