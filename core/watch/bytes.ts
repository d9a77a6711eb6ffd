/**
 * Bytes that wait for more of them: a pile of pieces, newest first. Values never change, and adding is cheap
 * however small the pieces are: small ones share a block.
 */
export interface Bytes {
  readonly length: number;
  readonly newest: Piece | undefined;
}

interface Piece {
  readonly block: Block;
  /** How much of the block's beginning is this pile's. */
  readonly length: number;
  readonly older: Piece | undefined;
}

/**
 * Memory whose beginning several piles may share. Only the pile that ends where the block's use ends can grow in
 * place: bytes that anybody can see are never written again.
 */
class Block {
  readonly #memory: Uint8Array;
  #used: number;

  constructor(memory: Uint8Array, used: number) {
    this.#memory = memory;
    this.#used = used;
  }

  /** Puts `data` behind the first `length` bytes; `false` when it cannot go there. */
  grow(length: number, data: Uint8Array): boolean {
    const end = length + data.length;
    if (length !== this.#used || end > this.#memory.length) return false;
    this.#memory.set(data, length);
    this.#used = end;
    return true;
  }

  take(length: number): Uint8Array {
    return length === this.#memory.length ? this.#memory : this.#memory.subarray(0, length);
  }
}

export const noBytes: Bytes = { length: 0, newest: undefined };

const smallestBlock = 8_192;
const largestBlock = 65_536;
const none = new Uint8Array(0);

/** Better kept as it is than copied. */
const isLarge = (data: Uint8Array): boolean => data.length >= smallestBlock / 2;

const ownBlock = (data: Uint8Array, older: Piece | undefined): Piece => ({
  block: new Block(data, data.length),
  length: data.length,
  older,
});

const newBlock = (data: Uint8Array, older: Piece | undefined, length: number): Piece => {
  const memory = new Uint8Array(Math.min(largestBlock, Math.max(smallestBlock, length)));
  memory.set(data, 0);
  return { block: new Block(memory, data.length), length: data.length, older };
};

const withData = (newest: Piece | undefined, data: Uint8Array, length: number): Piece => {
  if (isLarge(data)) return ownBlock(data, newest);
  return newest?.block.grow(newest.length, data) === true
    ? { block: newest.block, length: newest.length + data.length, older: newest.older }
    : newBlock(data, newest, length);
};

/** The pile with `data` at its end. `data` must not be written to afterwards. */
export const addBytes = (bytes: Bytes, data: Uint8Array): Bytes => {
  if (data.length === 0) return bytes;
  const length = bytes.length + data.length;
  return { length, newest: withData(bytes.newest, data, length) };
};

/** All bytes in one piece. */
export const joinBytes = (bytes: Bytes): Uint8Array => {
  const { newest } = bytes;
  if (newest === undefined) return none;
  if (newest.older === undefined) return newest.block.take(newest.length);
  const all = new Uint8Array(bytes.length);
  let end = bytes.length;
  for (let piece: Piece | undefined = newest; piece !== undefined; piece = piece.older) {
    end -= piece.length;
    all.set(piece.block.take(piece.length), end);
  }
  return all;
};

const utf8 = new TextDecoder();

/** UTF-8 text of whole characters; what is no UTF-8 becomes U+FFFD. */
export const textOf = (data: Uint8Array): string => utf8.decode(data);

/** The first byte that is no white space of JSON, or `undefined`. */
export const firstByte = (data: Uint8Array): number | undefined => {
  for (let at = 0; at < data.length; at++) {
    const byte = data[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
  }
  return undefined;
};
