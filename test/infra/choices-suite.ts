import { describe, expect, test } from 'vitest';
import { environments, functionsOf, resourcesOf, templateOf } from '../support/infra-stack.ts';

const plain = templateOf();

describe('a stage for tests', () => {
  const SANDBOX = 'http://127.0.0.1:4000/sandbox';
  const LOOPBACK = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };

  test('is not what a stage is unless it is asked for', () => {
    for (const [name, environment] of environments(plain)) {
      expect(Object.keys(environment), name).not.toContain('TEST_STAGE');
      expect(Object.keys(environment), name).not.toContain('SANDBOX_URL');
    }
    expect(JSON.stringify(plain.toJSON())).not.toMatch(/TEST_STAGE|sandbox/i);
  });

  test('tells its functions of the sandbox network, and changes nothing else', () => {
    const test = templateOf({ testStage: SANDBOX }, LOOPBACK);
    for (const [name, environment] of environments(test)) {
      expect(environment, name).toMatchObject({ TEST_STAGE: '1', SANDBOX_URL: SANDBOX });
    }
    const without = JSON.stringify(test.toJSON()).replaceAll(/"(TEST_STAGE|SANDBOX_URL)":"[^"]*",?/g, '');
    expect(JSON.parse(without.replaceAll(',}', '}'))).toEqual(plain.toJSON());
  });

  test.each([[{}], [{ AWS_ENDPOINT_URL: 'https://dynamodb.eu-central-1.amazonaws.com' }]])(
    'is refused where AWS could be what it is deployed to: %j',
    (environment) => {
      expect(() => templateOf({ testStage: SANDBOX }, environment)).toThrow(
        /-c testStage: .*AWS_ENDPOINT_URL/,
      );
    },
  );

  test.each(['https://sandbox.example', 'yes', ''])('is refused with %j for its sandbox', (sandboxUrl) => {
    expect(() => templateOf({ testStage: sandboxUrl }, LOOPBACK)).toThrow(
      /-c testStage: must be the http URL/,
    );
  });
});

test('functions can run on x86', () => {
  const template = templateOf({ architecture: 'x86_64' });
  for (const { name, properties } of functionsOf(template)) {
    expect(properties.Architectures, name).toEqual(['x86_64']);
  }
});

describe('a domain of its own', () => {
  const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a-1b';
  const template = templateOf({ domainName: 'api.agency.example', certificateArn });

  test('is what the API answers at, with its certificate', () => {
    const [[id, domain] = []] = resourcesOf(template, 'AWS::ApiGatewayV2::DomainName');
    expect(domain?.Properties).toMatchObject({
      DomainName: 'api.agency.example',
      DomainNameConfigurations: [{ CertificateArn: certificateArn, EndpointType: 'REGIONAL' }],
    });
    const [[, mapping] = []] = resourcesOf(template, 'AWS::ApiGatewayV2::ApiMapping');
    expect(mapping?.Properties).toMatchObject({ DomainName: { Ref: id } });
  });

  test('stands in mails and outputs, beside what DNS must say', () => {
    expect(environments(template).get('report')).toMatchObject({ PUBLIC_URL: 'https://api.agency.example' });
    expect(template.findOutputs('ApiUrl')).toMatchObject({ ApiUrl: { Value: 'https://api.agency.example' } });
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['ApiDomainTarget', 'EndpointUrl']),
    );
  });

  test('is not there unless it is asked for', () => {
    plain.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
  });
});
