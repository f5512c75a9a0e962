import { describe, expect, it } from 'vitest';
import { type Route, route } from '../../../../functions/api/route.ts';
import { fileOf, router } from '../../../../functions/api/router.ts';

const aRoute = (method: Route['method'], path: string): Route =>
  route({
    method,
    path,
    operationId: `${method} ${path}`,
    summary: '',
    tag: 'Test',
    scope: 'reader',
    answers: { 200: null },
    handle: async () => ({ status: 200 }),
  });

const match = router([
  fileOf([
    aRoute('GET', '/'),
    aRoute('GET', '/v1/posts/{postId}'),
    aRoute('PATCH', '/v1/posts/{postId}'),
    aRoute('POST', '/v1/posts/validate'),
    aRoute('POST', '/v1/posts/{postId}/cancel'),
  ]),
]);

async function found(method: string, path: string) {
  const result = await match(method, path);
  return result.kind === 'found' ? [result.route.operationId, result.params] : result;
}

describe('router', () => {
  it('finds a route by method and path and reads its parameters', async () => {
    expect(await found('POST', '/v1/posts/post_1/cancel')).toEqual([
      'POST /v1/posts/{postId}/cancel',
      { postId: 'post_1' },
    ]);
  });

  it('decodes parameters, and takes what cannot be decoded as it stands', async () => {
    expect(await found('GET', '/v1/posts/a%2Fb')).toEqual(['GET /v1/posts/{postId}', { postId: 'a/b' }]);
    expect(await found('GET', '/v1/posts/100%')).toEqual(['GET /v1/posts/{postId}', { postId: '100%' }]);
  });

  it('prefers the fixed path over the parameter', async () => {
    expect(await found('POST', '/v1/posts/validate')).toEqual(['POST /v1/posts/validate', {}]);
  });

  it('answers HEAD as GET', async () => {
    expect(await found('HEAD', '/v1/posts/post_1')).toEqual(['GET /v1/posts/{postId}', { postId: 'post_1' }]);
  });

  it('takes a slash at the end for none', async () => {
    expect(await found('GET', '/v1/posts/post_1/')).toEqual(['GET /v1/posts/{postId}', { postId: 'post_1' }]);
    expect(await found('GET', '/')).toEqual(['GET /', {}]);
  });

  it('knows no such path', async () => {
    for (const path of ['/v1', '/v1/posts', '/v1/posts//cancel', '/v1/posts/a/b/c', '//']) {
      expect(await match('GET', path), path).toEqual({ kind: 'no-path' });
    }
  });

  it('names the methods that a known path takes', async () => {
    expect(await match('DELETE', '/v1/posts/post_1')).toEqual({
      kind: 'no-method',
      allow: 'GET, HEAD, PATCH',
    });
    expect(await match('OPTIONS', '/v1/posts/post_1/cancel')).toEqual({ kind: 'no-method', allow: 'POST' });
  });
});
