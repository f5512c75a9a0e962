import type { ApiHandler } from './public-server.ts';

/**
 * What API Gateway does in AWS: leads one address to the function that looks at uploads, and all others to the API.
 * That function's libraries are loaded when it is first asked for.
 */
export function laptopApi(api: ApiHandler): ApiHandler {
  return async (event, context) => {
    const { method } = event.requestContext.http;
    if (method !== 'POST' || !INSPECTION.test(event.rawPath)) return api(event, context);
    const media = await import('../../functions/media.ts');
    return media.handler(event, context);
  };
}

const INSPECTION = /^\/v1\/brands\/[^/]+\/media\/[^/]+\/inspect$/;
