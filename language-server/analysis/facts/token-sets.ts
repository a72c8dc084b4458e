import { intersection, union, without, type Tokens } from "./tokens.js";

/** How sets of tokens are worked out. */
export interface SetAlgebra {
  readonly union: (left: Tokens, right: Tokens) => Tokens;
  readonly intersection: (left: Tokens, right: Tokens) => Tokens;
  readonly without: (left: Tokens, right: Tokens) => Tokens;
}

export const plainSets: SetAlgebra = { union, intersection, without };

/** Smaller sets are worked out again sooner than they are found. */
const small = 12;

/**
 * The sets of one analysis, of which the large ones are made once each and remembered by what they were made of: hundreds of
 * goroutines know the same things, and learn the same things at each step (hash-consing).
 */
export class TokenSets implements SetAlgebra {
  readonly #byHash = new Map<number, Tokens[]>();
  readonly #only = new Map<Tokens, Tokens>();
  readonly #numbers = new Map<Tokens, number>();
  readonly union = this.#remembering(union);
  readonly intersection = this.#remembering(intersection);
  readonly without = this.#remembering(without);

  #remembering(
    make: (left: Tokens, right: Tokens) => Tokens,
  ): (left: Tokens, right: Tokens) => Tokens {
    const made = new Map<Tokens, Map<Tokens, Tokens>>();
    return (left, right) => {
      if (left === right || left.length + right.length < small) return make(left, right);
      let ofLeft = made.get(left);
      if (ofLeft === undefined) made.set(left, (ofLeft = new Map<Tokens, Tokens>()));
      let result = ofLeft.get(right);
      if (result === undefined) {
        const tokens = make(left, right);
        // What did not change is still the same set.
        result = tokens === left ? left : this.only(tokens);
        ofLeft.set(right, result);
      }
      return result;
    };
  }

  /** The one set with these tokens: equal ones are identical. */
  only(tokens: Tokens): Tokens {
    const known = this.#only.get(tokens);
    if (known !== undefined) return known;
    const only = this.#find(tokens);
    this.#only.set(tokens, only);
    return only;
  }

  /** Equal sets have equal numbers. */
  number(tokens: Tokens): number {
    const only = this.only(tokens);
    let number = this.#numbers.get(only);
    if (number === undefined) this.#numbers.set(only, (number = this.#numbers.size));
    return number;
  }

  #find(tokens: Tokens): Tokens {
    let hash = tokens.length;
    for (const it of tokens) hash = (Math.imul(hash, 31) + it) | 0;
    const alike = this.#byHash.get(hash);
    if (alike === undefined) {
      this.#byHash.set(hash, [tokens]);
      return tokens;
    }
    const known = alike.find(
      (it) => it.length === tokens.length && it.every((token, at) => token === tokens[at]),
    );
    if (known === undefined) alike.push(tokens);
    return known ?? tokens;
  }
}
