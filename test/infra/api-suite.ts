import { expect, test } from 'vitest';
import { functionsOf, resourcesOf, templateOf } from '../support/infra-stack.ts';

const template = templateOf();

test('one route leads everything to the api function, as payload 2.0', () => {
  template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$default' });
  const { id } = functionsOf(template).find(({ name }) => name === 'api') ?? {};
  template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: { 'Fn::GetAtt': [id, 'Arn'] },
    PayloadFormatVersion: '2.0',
  });
});

test('the function gives up before API Gateway does, after 30 seconds', () => {
  const api = functionsOf(template).find(({ name }) => name === 'api');
  expect(api?.properties.Timeout).toBe(29);
});

test('pages of other origins may not call it', () => {
  const [[, api] = []] = resourcesOf(template, 'AWS::ApiGatewayV2::Api');
  expect(api?.Properties).not.toHaveProperty('CorsConfiguration');
});

test('the stage has a limit on requests, and a log without paths and addresses', () => {
  const [[, stage] = []] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage');
  expect(stage?.Properties).toMatchObject({
    StageName: '$default',
    DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
  });
  const log = stage?.Properties.AccessLogSettings as { Format: string } | undefined;
  const format = log?.Format ?? '{}';
  expect(Object.values(JSON.parse(format))).toContain('$context.status');
  expect(format).not.toMatch(/path|sourceIp|userAgent/);
});
