import type { AreaTexts } from './error-text';

/** What we know of one key. */
export const keyTexts: AreaTexts<'key'> = {
  'key.duplicate': {
    what: 'There already is a key with this label or identifier.',
    means: 'No key was made, so that two keys can never be mistaken for each other.',
    do: 'Choose another label. Never delete a key just to free its name.',
  },
  'key.notFound': {
    what: 'The key is not on the token.',
    means: 'Nothing was done with it.',
    do: 'Check that this is the right token, then look at the inventory.',
  },
  'key.attributeDiffers': {
    what: 'The token did not give the key the attributes that were approved.',
    means: 'This key must not be used: its protection is not the approved one.',
    do: 'Record the exception. The plan for failure is to destroy the key and stop.',
  },
  'key.notDestroyable': {
    what: 'The token refused to destroy the key.',
    means: 'The key still exists and must be treated as unusable.',
    do: 'Record the exception and follow the vendor’s procedure to remove it.',
  },
};
