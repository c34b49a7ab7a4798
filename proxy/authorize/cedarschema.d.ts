/** Bundler and test runner hand a file over as text when asked with `?raw`. */
declare module '*.cedarschema?raw' {
  const text: string;
  export { text as default };
}
