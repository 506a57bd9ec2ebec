export const ui = {
  failed: "That did not work",
  unreachable: "The server does not answer. Check the connection and try again.",
  retry: "Try again",
  pages: "Pages of the list",
  first: "First page",
  previous: "Previous",
  next: "Next",
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  search: "Search",
  place: "Line {{line}}, column {{column}}:",
};
