import type * as net from 'node:net';

export type Attempt = { readonly address: string; readonly port: number };

export type Wire = {
  /** Every connection that this process has tried to make since the last call, in order, and where it wanted to go. */
  readonly take: () => Attempt[];
  readonly cut: () => void;
};

/**
 * Stands where Node hands a connection to the operating system: below name lookup, address families, TLS and
 * redirects. Each one is noted with the address it was meant for, and led to the port of 127.0.0.1 that `route`
 * names. So private and public addresses alike can be tried without a packet leaving the machine.
 */
export function tapWire(server: net.Server, route: (address: string) => number): Wire {
  const prototype = tcpPrototype(server);
  const { connect, connect6 } = prototype;
  let attempts: Attempt[] = [];
  function led(this: Tcp, request: object, address: string, port: number): number {
    attempts.push({ address, port });
    return connect.call(this, request, '127.0.0.1', route(address));
  }
  Object.assign(prototype, { connect: led, connect6: led });
  return {
    take: () => {
      const taken = attempts;
      attempts = [];
      return taken;
    },
    cut: () => void Object.assign(prototype, { connect, connect6 }),
  };
}

type Connect = (this: Tcp, request: object, address: string, port: number) => number;
type Tcp = { connect: Connect; connect6: Connect };

/** What all TCP sockets of this process have in common; a listening server is the plain way to one of them. */
function tcpPrototype(server: net.Server): Tcp {
  const handle: unknown = Reflect.get(server, '_handle');
  const prototype: unknown = typeof handle === 'object' && handle !== null && Object.getPrototypeOf(handle);
  if (!isTcp(prototype)) throw new Error('this Node has no connect and connect6 on its TCP handles');
  return prototype;
}

const isTcp = (value: unknown): value is Tcp =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'connect') && 'connect6' in value;
