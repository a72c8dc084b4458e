// Files that are handed on as they are: the bundler and the tests read them as text.

declare module "*.go" {
  const text: string;
  export default text;
}

declare module "*.txt" {
  const text: string;
  export default text;
}
