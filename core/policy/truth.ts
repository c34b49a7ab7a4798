/** Three-valued: `depends` on what is not known of the request. */
export type Truth = 'yes' | 'no' | 'depends';

export function both(truths: readonly Truth[]): Truth {
  if (truths.includes('no')) return 'no';
  return truths.includes('depends') ? 'depends' : 'yes';
}

export function either(truths: readonly Truth[]): Truth {
  if (truths.includes('yes')) return 'yes';
  return truths.includes('depends') ? 'depends' : 'no';
}

export function not(truth: Truth): Truth {
  if (truth === 'depends') return 'depends';
  return truth === 'yes' ? 'no' : 'yes';
}

export function known(isTrue: boolean): Truth {
  return isTrue ? 'yes' : 'no';
}
