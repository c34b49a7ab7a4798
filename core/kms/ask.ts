import { failure, success } from '../contract/result';
import { commandOf } from './commands';
import type { KmsCall, Operation, OutputOf } from './operations';
import type { Asked } from './answered';
import { readAnswer } from './read-answer';
import type { Sender } from './sender';

/** Makes calls of KMS and reads their answers. */
export interface Ask {
  /** @param read may throw Incomplete */
  readonly one: <O extends Operation, T>(call: KmsCall<O>, read: (output: OutputOf<O>) => T, signal?: AbortSignal) => Asked<T>;
  /** Every page of a listing; request id and date are those of the last. */
  readonly all: <O extends Paged, T>(
    call: KmsCall<O>,
    read: (output: OutputOf<O>) => readonly T[],
    signal?: AbortSignal,
  ) => Asked<readonly T[]>;
}

type Paged = 'ListKeys' | 'ListResourceTags' | 'ListAliases' | 'ListKeyRotations' | 'ListGrants' | 'DescribeCustomKeyStores';

/** 100,000 keys, the quota of a Region, are a thousand pages; a listing that does not end by then goes in circles. */
const PAGES_LIMIT = 1_100;

export function openAsk(sender: Sender): Ask {
  const one: Ask['one'] = async <O extends Operation, T>(
    call: KmsCall<O>,
    read: (output: OutputOf<O>) => T,
    signal?: AbortSignal,
  ): Asked<T> => {
    const answer = await sender.send(call.operation, () => commandOf(call), signal);
    return answer.ok ? readAnswer(call.operation, answer.value, (output) => read(output as OutputOf<O>)) : answer;
  };

  const all: Ask['all'] = async <O extends Paged, T>(
    call: KmsCall<O>,
    read: (output: OutputOf<O>) => readonly T[],
    signal?: AbortSignal,
  ): Asked<readonly T[]> => {
    const found: T[] = [];
    let Marker: string | undefined;
    for (let pages = 0; pages < PAGES_LIMIT; pages++) {
      const input = { ...call.input, ...(Marker === undefined ? {} : { Marker }) };
      const page = await one({ ...call, input }, (output) => ({ found: read(output), next: output.NextMarker }), signal);
      if (!page.ok) return page;
      found.push(...page.value.value.found);
      Marker = page.value.value.next;
      if (Marker === undefined) return success({ ...page.value, value: found });
    }
    return failure('aws.unknown', { operation: call.operation, message: `The listing does not end after ${PAGES_LIMIT} pages.` });
  };

  return { one, all };
}
