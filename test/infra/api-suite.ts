import { expect, test } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import { functionsOf, resourcesOf, templateOf } from '../support/infra-stack.ts';

const template = templateOf();

test('everything is led to the api function, but for what looks at uploads, as payload 2.0', () => {
  const integrations = new Map(resourcesOf(template, 'AWS::ApiGatewayV2::Integration'));
  const led = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
    const target = JSON.stringify(Properties.Target);
    const [, integration] = [...integrations].find(([id]) => target.includes(`"${id}"`)) ?? [];
    expect(integration?.Properties).toMatchObject({
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
    });
    const uri = JSON.stringify(integration?.Properties.IntegrationUri);
    return [Properties.RouteKey, functionsOf(template).find(({ id }) => uri.includes(`"${id}"`))?.name];
  });
  expect(Object.fromEntries(led)).toEqual({
    $default: 'api',
    'POST /v1/brands/{brandId}/media/{mediaId}/inspect': 'media',
  });
});

test('the routes of the template are routes of the API', () => {
  const known = routes.map(({ method, path }) => `${method} ${path}`);
  for (const [, { Properties }] of resourcesOf(template, 'AWS::ApiGatewayV2::Route')) {
    expect(['$default', ...known]).toContain(Properties.RouteKey);
  }
});

test.each(['api', 'media'])('the %s function gives up before API Gateway does, after 30 seconds', (name) => {
  const found = functionsOf(template).find((one) => one.name === name);
  expect(found?.properties.Timeout).toBe(29);
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
