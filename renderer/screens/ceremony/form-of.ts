import type { DoForm } from '../../../core/ceremony/view-model';

/** One member of the union of DO forms. */
export type FormOf<K extends DoForm['kind']> = Extract<DoForm, { readonly kind: K }>;
