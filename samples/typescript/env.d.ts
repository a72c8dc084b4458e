// Whether a file is the one that was started, as Node and the explorer know it.
interface ImportMeta {
  readonly main: boolean;
}
