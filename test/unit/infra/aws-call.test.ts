import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { awsCall, jsonOperation } from '../../../infra/aws-call.ts';
import { listen, readBody } from '../../../infra/local/loopback.ts';

const client = new CloudFormationClient({
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
});

async function aService(answer: { status: number; body: string }) {
  const asked: { line: string; headers: Record<string, unknown>; body: string }[] = [];
  const server = await listen(async (request, response) => {
    const body = await readBody(request, 10_000);
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: String(body) });
    response.writeHead(answer.status).end(answer.body);
  });
  return { ...server, asked, call: awsCall(client, { AWS_ENDPOINT_URL: server.url }) };
}

test('a request is signed for its service and region, and resolves with the body', async () => {
  const service = await aService({ status: 200, body: '{"a":1}' });
  const body = await service.call(jsonOperation('servicequotas', 'V1.List', { ServiceCode: 'scheduler' }));
  await service.close();
  expect(body).toBe('{"a":1}');
  expect(service.asked[0]).toMatchObject({
    line: 'POST /',
    body: '{"ServiceCode":"scheduler"}',
    headers: {
      'x-amz-target': 'V1.List',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/servicequotas\/aws4_request/,
      ),
    },
  });
});

test('a query is sent as it was signed', async () => {
  const service = await aService({ status: 200, body: '' });
  await service.call({ service: 's3', path: '/bucket', query: { 'list-type': '2', prefix: 'a b/c' } });
  await service.close();
  expect(service.asked[0]?.line).toBe('GET /bucket?list-type=2&prefix=a%20b%2Fc');
});

test.each([
  ['XML', '<Error><Code>AccessDenied</Code><Message>Not you</Message></Error>', 'AccessDenied', 'Not you'],
  [
    'JSON',
    '{"__type":"com.amazon#AccessDeniedException","message":"Not you"}',
    'AccessDeniedException',
    'Not you',
  ],
  ['nothing', '', '', 'sts answered 403'],
])('a refusal in %s is an error with AWS’s code and words', async (_form, body, code, words) => {
  const service = await aService({ status: 403, body });
  const refused = await service.call({ service: 'sts' }).catch((error: unknown) => error);
  await service.close();
  expect(refused).toMatchObject({ status: 403, code, message: expect.stringContaining(words) });
});
