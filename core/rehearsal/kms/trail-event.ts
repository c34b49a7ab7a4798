import { randomUUID } from 'node:crypto';
import { REHEARSAL_ACCOUNT, REHEARSAL_USER_ID } from './identity';

import type { Refusal } from './refusal';
import type { Addressed } from './request';
import type { ServiceEvent } from './settle';
import { requestParameters, responseElements } from './trail-form';
import type { Output } from './wire';

/** A record of CloudTrail, as its files have it. */
export type TrailEvent = Output & { readonly eventID: string; readonly awsRegion: string; readonly eventTime: string };

/** A call, seen from outside. */
export interface TracedCall {
  readonly service: Addressed['service'];
  readonly operation: string;
  readonly region: string;
  readonly at: number;
  readonly requestId: string;
  readonly eventId: string;
  readonly callerArn: string;
  readonly accessKeyId: string;
  readonly sourceAddress: string;
  readonly userAgent: string;
  readonly isReadOnly: boolean;
  /** as read from the request, null where it could not be read */
  readonly input: Output | null;
  readonly keyArns: readonly string[];
  readonly response: Output | null;
  readonly additional: Output | null;
  readonly refusal: Refusal | null;
}

const CALLS_BY_KMS: readonly string[] = ['CreateKey', 'SynchronizeMultiRegionKey'];
const VERSION = '1.11';
const LONGEST_USER_AGENT = 512;

export function callEvent(call: TracedCall): TrailEvent {
  return {
    eventVersion: VERSION,
    userIdentity: identityOf(call),
    eventTime: trailTime(call.at),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.operation,
    awsRegion: call.region,
    sourceIPAddress: call.sourceAddress,
    userAgent: `keyrite-rehearsal-kms ${call.userAgent}`.slice(0, LONGEST_USER_AGENT),
    ...(call.refusal ? { errorCode: call.refusal.name, errorMessage: call.refusal.message } : {}),
    requestParameters: call.input === null ? null : requestParameters(call.input),
    responseElements: call.refusal || call.response === null ? null : responseElements(call.response),
    ...(call.additional === null ? {} : { additionalEventData: call.additional }),
    requestID: call.requestId,
    eventID: call.eventId,
    readOnly: call.isReadOnly,
    ...(call.keyArns.length > 0 ? { resources: call.keyArns.map(resource) } : {}),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: REHEARSAL_ACCOUNT,
    eventCategory: 'Management',
  };
}

export function serviceEvent(event: ServiceEvent): TrailEvent {
  return {
    eventVersion: VERSION,
    userIdentity: { accountId: REHEARSAL_ACCOUNT, invokedBy: 'AWS Internal' },
    eventTime: trailTime(event.atMs),
    eventSource: 'kms.amazonaws.com',
    eventName: event.name,
    awsRegion: event.region,
    sourceIPAddress: 'AWS Internal',
    userAgent: 'AWS Internal',
    requestParameters: null,
    responseElements: null,
    eventID: randomUUID(),
    readOnly: false,
    resources: [resource(event.keyArn)],
    eventType: CALLS_BY_KMS.includes(event.name) ? 'AwsApiCall' : 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: REHEARSAL_ACCOUNT,
    serviceEventDetails: event.details,
    eventCategory: 'Management',
  };
}

function identityOf({ callerArn, accessKeyId }: TracedCall): Output {
  return {
    type: /:(?:role|assumed-role)\//.test(callerArn) ? 'AssumedRole' : 'IAMUser',
    principalId: REHEARSAL_USER_ID,
    arn: callerArn,
    accountId: REHEARSAL_ACCOUNT,
    accessKeyId,
    userName: callerArn.slice(callerArn.lastIndexOf('/') + 1),
  };
}

function resource(arn: string): Output {
  return { accountId: REHEARSAL_ACCOUNT, type: 'AWS::KMS::Key', ARN: arn };
}

/** CloudTrail has whole seconds. */
function trailTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
