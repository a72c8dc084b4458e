declare const brand: unique symbol;

/** `T` that only an explicit cast makes: keeps indices of different tables apart. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
