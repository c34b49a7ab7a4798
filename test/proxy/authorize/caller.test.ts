import { describe, expect, it } from 'vitest';
import { accountIn, isServiceCaller, regionIn } from '../../../proxy/authorize/caller';
import { shortServiceName } from '../../../proxy/authorize/via-service';

describe('what is read out of a caller', () => {
  it.each([
    ['arn:aws:iam::111122223333:user/snape', '111122223333', ''],
    ['arn:aws:sts::111122223333:assumed-role/r/s', '111122223333', ''],
    ['arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1', '111122223333', 'us-gov-west-1'],
    ['arn:aws:kms:us-east-2:111122223333:/key/1', '111122223333', 'us-east-2'],
    ['arn:aws:iam::11112222333:user/short', '', ''],
    ['arn:aws:iam::1111222233334:user/long', '', ''],
    ['111122223333', '', ''],
    ['rds.amazonaws.com', '', ''],
    ['', '', ''],
  ])('finds account and Region in "%s" leniently', (arn, account, region) => {
    expect([accountIn(arn), regionIn(arn)]).toEqual([account, region]);
  });

  it('takes service principals and "AWS Internal" for services', () => {
    for (const service of ['rds.amazonaws.com', 'export.rds.amazonaws.com', 'AWS Internal', 'ec2.amazonaws.com.cn'])
      expect(isServiceCaller(service), service).toBe(true);
  });

  it('takes no one for a service who only carries the name of one', () => {
    for (const arn of [
      'arn:aws:sts::111122223333:assumed-role/r/rds.amazonaws.com',
      'arn:aws:iam::111122223333:user/AWS Internal',
      'amazonaws.com',
      'rds.amazonaws.com.example.org',
      'x/rds.amazonaws.com',
      'rds.amazonaws.com\n',
      'AWS internal',
      '',
    ])
      expect(isServiceCaller(arn), arn).toBe(false);
  });
});

describe('the short name of a service', () => {
  it.each([
    ['ebs', 'ebs'],
    ['s3.eu-west-1.amazonaws.com', 's3'],
    ['S3.EU-WEST-1.amazonaws.com', 's3'],
    ['s3.amazonaws.com', 's3'],
    ['ec2.us-gov-west-1.amazonaws.com', 'ec2'],
    ['api.sagemaker.us-east-1.amazonaws.com', 'api.sagemaker'],
    ['rds.cn-north-1.amazonaws.com.cn', 'rds'],
    ['s3.example.org', 's3.example.org'],
    ['s3.eu-west-1.amazonaws.com.example.org', 's3.eu-west-1.amazonaws.com.example.org'],
    ['', ''],
  ])('of "%s" is "%s"', (via, short) => {
    expect(shortServiceName(via)).toBe(short);
  });
});
