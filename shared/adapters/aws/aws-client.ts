/** What every AWS SDK client offers of itself to take a step of its work away. */
type Stacked = { readonly middlewareStack: { remove(name: string): boolean } };

/**
 * The same client without its log, which nobody reads: for it, the SDK copies what it sends and gets, to leave out
 * what is sensitive, whether there is a logger or not.
 */
export function quietClient<Client extends Stacked>(client: Client): Client {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
