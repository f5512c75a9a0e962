// Runs inside the folder that `@atproto/dev-env` is installed in; started by bluesky-network.ts.
import net from 'node:net';
import zlib from 'node:zlib';

// A library below binds Zstandard decoders at load, which Node has since 22.15; no server here answers in it.
zlib.createZstdDecompress ??= () => {
  throw new Error('Zstandard needs a newer Node.js');
};

// None of these servers can be told where to listen: they would on every interface.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function listenOnLoopback(...args) {
  const [first, second] = args;
  if (typeof first === 'object' && first !== null)
    return listen.call(this, { ...first, host: '127.0.0.1' }, ...args.slice(1));
  if (typeof second === 'string') return listen.call(this, first, '127.0.0.1', ...args.slice(2));
  return listen.call(this, first, '127.0.0.1', ...args.slice(1));
};

const { TestNetwork } = await import('@atproto/dev-env');
const network = await TestNetwork.create({
  dbPostgresSchema: 'sendeplan',
  pds: { hostname: 'localhost', enableDidDocWithSession: true },
});

const pds = network.pds.url;
const call = async (method, body, token) => {
  const answer = await fetch(`${pds}/xrpc/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(json)}`);
  return json;
};
const account = async (name) => {
  const password = `${name}-password`;
  const { did, handle, accessJwt } = await call('com.atproto.server.createAccount', {
    handle: `${name}.test`,
    email: `${name}@example.com`,
    password,
  });
  const { password: appPassword } = await call(
    'com.atproto.server.createAppPassword',
    { name: 'sendeplan' },
    accessJwt,
  );
  return { did, handle, appPassword };
};

const author = await account('bakery');
const fan = await account('regular');
await network.processAll();
process.stdout.write(`\nREADY ${JSON.stringify({ serviceUrl: pds, author, fan })}\n`);
process.on('SIGTERM', async () => {
  await network.close();
  process.exit(0);
});
