/** What every AWS SDK client takes and offers of what is set here. */
type Config = {
  readonly requestHandler?: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
};
type Stacked = { readonly middlewareStack: { remove(name: string): boolean } };

/**
 * An AWS SDK client as our functions use it. A call without an answer ends after `longestMs` and is tried again by the
 * SDK: by default it waits for as long as the function may run, and takes every delivery of the call with it. And it
 * has no log, which nobody reads: for it, the SDK copies what it sends and gets, to leave out what is sensitive.
 */
export function awsClient<Given extends object, Client extends Stacked>(
  Client: new (config: Given & Config) => Client,
  config: Given,
  { longestMs = 5_000 } = {},
): Client {
  const requestHandler = {
    connectionTimeout: 2_000,
    requestTimeout: longestMs,
    // Without it time is only logged to be up.
    throwOnRequestTimeout: true,
  };
  const client = new Client({ ...config, requestHandler });
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
