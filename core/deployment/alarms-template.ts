import { z } from 'zod';
import { failure, success, type Result } from '../contract/result';
import { yamlText } from '../kms/recipes/yaml-text';

const alarmsOrder = z.strictObject({
  /** CustomKeyStoreId */
  storeId: z.string().regex(/^cks-[0-9a-z]{8,60}$/),
  storeName: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  /** the CN of the certificate, by which AWS KMS names the metric: the host, or *.PARENT */
  certificateName: z.string().regex(/^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/),
  /** the own policy: how old a credential may become */
  rotateCredentialDays: z.int().min(1).max(3650),
});

export type AlarmsOrder = z.infer<typeof alarmsOrder>;

/** What an alarm does while there is no data, by what its absence means. */
type Missing =
  /** no requests, no errors: quiet */
  | 'notBreaching'
  /** the proxy says nothing any more: rings */
  | 'breaching'
  /** it keeps its state: an alarm must not go quiet because the metric went */
  | 'ignore'
  /** "no data" is a state of its own, and is told */
  | 'missing';

interface Alarm {
  readonly id: string;
  readonly title: string;
  readonly means: string;
  readonly remedy: string;
  readonly metric: object;
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  readonly evaluationPeriods?: number;
  readonly missing: Missing;
}

const NAMESPACE = 'AWS/KMS';

interface Metric {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Minimum' | 'Maximum';
  readonly periodSeconds: number;
}

function ofMetric({ name, dimensions, statistic, periodSeconds }: Metric): object {
  return {
    Namespace: NAMESPACE,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Statistic: statistic,
    Period: periodSeconds,
  };
}

/**
 * Metrics with an operation or an exception among their dimensions exist once for each of them, and an alarm on one metric would see
 * one. A query of CloudWatch Metrics Insights sees all of a key store. `where` is made of constants and a store id that was judged.
 */
function ofQuery(storeId: string, select: string, where: string, periodSeconds: number): object {
  const Expression = `SELECT ${select} FROM "${NAMESPACE}" WHERE CustomKeyStoreId = '${storeId}'${where}`;
  return { Metrics: [{ Id: 'q1', Expression, Period: periodSeconds, ReturnData: true }] };
}

/** Thresholds: AWS KMS Developer Guide, "Create CloudWatch alarms for external key stores"; those it does not name are ours. */
function trafficAlarms({ storeId }: AlarmsOrder): readonly Alarm[] {
  const errors = (type: string) => ofQuery(storeId, 'SUM(XksProxyErrors)', ` AND ErrorType = '${type}'`, 60);
  return [
    {
      id: 'Latency',
      title: 'proxy is slow',
      means: 'Answers take more than 200 ms on average over five minutes; AWS KMS gives up after 250.',
      remedy: 'Look at queue and HSM in keyrite status and the metrics; at the distance to the Region.',
      metric: ofQuery(storeId, 'AVG(XksProxyLatency)', '', 300),
      comparison: 'GreaterThanThreshold',
      threshold: 200,
      missing: 'notBreaching',
    },
    {
      id: 'RetryableErrors',
      title: 'retryable errors',
      means: 'More than five in a minute: network, overload, or an HSM in trouble.',
      remedy: 'keyrite status on every host; targets of the load balancer.',
      metric: errors('Retryable'),
      comparison: 'GreaterThanThreshold',
      threshold: 5,
      missing: 'notBreaching',
    },
    {
      id: 'NonRetryableErrors',
      title: 'non-retryable errors',
      means: 'More than five in a minute: a kill or a block, a policy that denies, a wrong credential, a key that is gone.',
      remedy: 'The audit lines of these minutes say which. After a kill this alarm is expected.',
      metric: errors('Non-retryable'),
      comparison: 'GreaterThanThreshold',
      threshold: 5,
      missing: 'notBreaching',
    },
    {
      id: 'Throttled',
      title: 'AWS KMS throttles',
      means: 'Requests exceed the quota of the key store; callers get ThrottlingException.',
      remedy: 'Fewer requests (data key caching, S3 bucket keys), or another quota from AWS Support if the HSM can do more.',
      metric: ofQuery(storeId, 'SUM(ExternalKeyStoreThrottle)', '', 300),
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      missing: 'notBreaching',
    },
  ];
}

function calendarAlarms({ storeId, certificateName, rotateCredentialDays }: AlarmsOrder): readonly Alarm[] {
  const certificate = (periodSeconds: number) =>
    ofMetric({
      name: 'XksProxyCertificateDaysToExpire',
      dimensions: { CustomKeyStoreId: storeId, CertificateName: certificateName },
      statistic: 'Minimum',
      periodSeconds,
    });
  const renew = 'Put the new certificate in place on every host and reload; no restart.';
  return [
    {
      id: 'CertificateSoon',
      title: 'certificate expires within 30 days',
      means: 'When it expires, all data under the keys of this store is out of reach. Without data for a day nothing watches it.',
      remedy: `${renew} Without data: is the CN of the certificate the name in this alarm?`,
      metric: certificate(3600),
      comparison: 'LessThanThreshold',
      threshold: 30,
      evaluationPeriods: 24,
      missing: 'missing',
    },
    {
      id: 'CertificateNow',
      title: 'certificate expires within 10 days',
      means: 'When it expires, all data under the keys of this store is out of reach.',
      remedy: renew,
      metric: certificate(300),
      comparison: 'LessThanThreshold',
      threshold: 10,
      missing: 'ignore',
    },
    {
      id: 'CredentialAge',
      title: 'credential is old',
      means: `AWS KMS has used the same proxy credential for more than ${rotateCredentialDays} days, counted from when it was told of it.`,
      remedy: 'Rotate it: add the new one at every proxy, reload, update the key store, take the old one out.',
      metric: ofMetric({
        name: 'XksProxyCredentialAge',
        dimensions: { CustomKeyStoreId: storeId },
        statistic: 'Maximum',
        periodSeconds: 3600,
      }),
      comparison: 'GreaterThanThreshold',
      threshold: rotateCredentialDays,
      missing: 'ignore',
    },
  ];
}

function healthAlarms({ storeId }: AlarmsOrder): readonly Alarm[] {
  const managers = (state: string, statistic: Metric['statistic']) =>
    ofMetric({
      name: 'XksExternalKeyManagerStates',
      dimensions: { CustomKeyStoreId: storeId, XksExternalKeyManagerState: state },
      statistic,
      periodSeconds: 300,
    });
  const inTrouble = (id: string, state: string, means: string): Alarm => ({
    id,
    title: `key manager is ${state.toLowerCase()}`,
    means,
    remedy: 'keyrite status on every host says why.',
    metric: managers(state, 'Maximum'),
    comparison: 'GreaterThanThreshold',
    threshold: 0,
    missing: 'notBreaching',
  });
  return [
    inTrouble('Degraded', 'Degraded', 'It serves, but a session is missing, the proof was slow, or there is no health key.'),
    inTrouble('Unavailable', 'Unavailable', 'No request would succeed there: killed, not logged in, or the HSM is gone.'),
    {
      id: 'NoneActive',
      title: 'no key manager is active, or nobody says so',
      means:
        'For a quarter of an hour no proxy told AWS KMS of a healthy key manager. A store that is disconnected is silent, too.',
      remedy: 'Is the store connected? Do the proxies answer? keyrite status on every host.',
      metric: managers('Active', 'Maximum'),
      comparison: 'LessThanThreshold',
      threshold: 1,
      evaluationPeriods: 3,
      missing: 'breaching',
    },
  ];
}

const TOPIC = { Ref: 'AlarmTopicArn' };

function resourceOf({ storeName }: AlarmsOrder, alarm: Alarm): object {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `xks-${storeName}-${alarm.id}`,
      AlarmDescription: `External key store ${storeName}: ${alarm.title}. ${alarm.means} ${alarm.remedy}`,
      ...alarm.metric,
      ComparisonOperator: alarm.comparison,
      Threshold: alarm.threshold,
      EvaluationPeriods: alarm.evaluationPeriods ?? 1,
      DatapointsToAlarm: alarm.missing === 'missing' ? 1 : (alarm.evaluationPeriods ?? 1),
      TreatMissingData: alarm.missing,
      AlarmActions: [TOPIC],
      OKActions: [TOPIC],
      ...(alarm.missing === 'missing' ? { InsufficientDataActions: [TOPIC] } : {}),
    },
  };
}

/**
 * A CloudFormation template, YAML, with the alarms of one external key store: latency, errors, throttling, days of the certificate,
 * age of the credential, state of the key managers. Every alarm says what it means and what to do, and what silence means to it.
 */
export function alarmsTemplate(order: AlarmsOrder): Result<string> {
  const read = alarmsOrder.safeParse(order);
  if (!read.success) {
    const problem = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ');
    return failure('input.invalid', { name: 'alarms', problem });
  }
  const alarms = [...trafficAlarms(read.data), ...calendarAlarms(read.data), ...healthAlarms(read.data)];
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Alarms of the external key store ${read.data.storeName} (${read.data.storeId})`,
    Parameters: {
      AlarmTopicArn: {
        Type: 'String',
        Description: 'SNS topic that people are subscribed to; a topic nobody reads makes every alarm here useless',
        AllowedPattern: '^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+(\\.fifo)?$',
      },
    },
    Resources: Object.fromEntries(alarms.map((alarm) => [alarm.id, resourceOf(read.data, alarm)])),
  };
  return success(`${yamlText(template)}\n`);
}
