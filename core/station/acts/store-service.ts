import { success } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import { check, facts, outcome, type Act } from './act';
import { listed, serviceItems, type ServiceItem } from './service-items';
import { isOwnService, seeService, type Unseen } from './service-sight';
import { storePlan, type StorePlan } from './store-plan';

/**
 * The endpoint service of a key store through the APIs of EC2 and Elastic Load Balancing, before AWS KMS is asked to go through it.
 * What is seen is a check. What may not be seen is none, passed or failed: the table leaves it to people, who tick it in the next step.
 */
export const awsLookAtService: Act = async (context) => {
  const plan = storePlan(context.state);
  const kms = await context.kms(plan.region, 'administrator');
  if (!kms.ok) return kms;
  const sight = await seeService(await kms.value.network(), plan);
  if (!sight.ok) return sight;
  const items = serviceItems(plan, sight.value);
  return success(
    outcome({
      data: {
        service: plan.vpcServiceName,
        items: items.map((item) => ({ rule: item.rule, said: saidOf(item) })),
        requestIds: [...sight.value.requestIds],
      },
      // The next step asks for these in so many words.
      values: {
        'endpointService.unseen': listed(
          items.filter(({ found }) => !found.seen).map(({ title }) => title),
          'nothing',
        ),
      },
      checks: items.flatMap(checkOf),
      show: [...serviceBlocks(plan, sight.value.requestIds), itemTable(items), ...wrongTable(items)],
    }),
  );
};

function checkOf({ rule, wanted, found }: ServiceItem): Check[] {
  return found.seen ? [check(rule, found.value.ok, wanted, found.value.got)] : [];
}

const UNSEEN_WORDS: Readonly<Record<Unseen, string>> = {
  denied: 'not permitted to see: people tick it',
  unreachable: 'no way there from this station: people tick it',
  foreign: 'shown to its owner only: people tick it',
  absent: 'not seen: there is no service to look at',
};

/** The item as the record keeps it. */
function saidOf({ found }: ServiceItem): string {
  if (!found.seen) return UNSEEN_WORDS[found.why];
  return `${found.value.ok ? 'seen' : 'seen, and wrong'}: ${found.value.got}`;
}

function serviceBlocks(plan: StorePlan, requestIds: readonly string[]): ShowBlock[] {
  return [
    facts('Endpoint service', [
      ['Name', plan.vpcServiceName, true],
      ['Account', plan.vpcServiceOwner || plan.account, true],
      ['Looked at as', isOwnService(plan) ? 'its owner' : 'somebody who may use it'],
      ['Request ids', requestIds.join(' '), true],
    ]),
  ];
}

function itemTable(items: readonly ServiceItem[]): ShowBlock {
  return {
    kind: 'table',
    title: 'Item by item',
    columns: ['Item', 'As it should be', 'What was seen'],
    rows: items.map((item) => [item.title, item.wanted, saidOf(item)]),
    empty: '',
  };
}

function wrongTable(items: readonly ServiceItem[]): ShowBlock[] {
  const wrong = items.filter(({ found }) => found.seen && !found.value.ok);
  if (wrong.length === 0) return [];
  return [
    {
      kind: 'table',
      title: 'What is wrong, and what helps',
      columns: ['Item', 'AWS KMS would say', 'Remedy'],
      rows: wrong.map(({ title, becomes, remedy }) => [title, becomes ?? 'nothing: it would connect', remedy]),
      empty: '',
    },
  ];
}
