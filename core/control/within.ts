/** What `work` resolves with, or null where it takes longer than `ms` or rejects. It is not stopped. */
export function within<T>(ms: number, work: Promise<T>): Promise<{ readonly value: T } | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms);
    const end = (how: { readonly value: T } | null) => {
      clearTimeout(timer);
      resolve(how);
    };
    work.then(
      (value) => end({ value }),
      () => end(null),
    );
  });
}
