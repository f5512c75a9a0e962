import { inspectMediaRoute } from './api/media.ts';
import { fileOf } from './api/router.ts';
import { mediaDeps } from './media-runtime.ts';
import { httpPipeline } from './pipeline.ts';

/** The one address of the API that needs the libraries for images and videos. */
export const handler = httpPipeline([fileOf([inspectMediaRoute])], mediaDeps);
