/** The tools that every template may call, with an example of each method's arguments. */
export const TOOLS: Record<string, string[]> = {
  mathTool: [
    "add(1, 2)",
    "sub(3, 1)",
    "mul(2, 3)",
    "div(6, 2)",
    "mod(7, 2)",
    "min(1, 2)",
    "max(1, 2)",
    "floor(1.5)",
    "ceil(1.5)",
    "round(1.5)",
    "roundTo(2, 1.234)",
    "toInteger('5')",
    "toDouble('5.5')",
    "abs(-1)",
  ],
  numberTool: ["format('#,##0.00', 12.5)", "integer(12.5)", "number(12.5)", "percent(0.1)"],
  dateTool: [
    "currentDate()",
    "currentDate('dd.MM.yyyy', 'GMT+3')",
    "currentTimeStamp()",
    "formatDate('dd.MM.yyyy', 0)",
    "formatInContactTimezone('dd.MM.yyyy HH:mm', '31/12/2026 23:59')",
    "addYears('31/12/2026', 1)",
    "addMonths('31/12/2026', 1)",
    "addDays('31/12/2026', 1)",
    "addHours('31/12/2026 12:00', 1)",
    "addMinutes('31/12/2026 12:00', 1)",
    "diff('01/12/2026', '31/12/2026', 'dd/MM/yyyy', 'DAYS')",
  ],
  esc: ["html('')", "xml('')", "url('')", "javascript('')"],
};

/** Directives as they are begun; `#{}` marks where the writer goes on. */
export const DIRECTIVES: [name: string, template: string][] = [
  ["#if", "#if(#{condition})#{}#end"],
  ["#elseif", "#elseif(#{condition})"],
  ["#else", "#else"],
  ["#end", "#end"],
  ["#set", "#set($#{name} = #{value})"],
  ["#foreach", "#foreach($#{item} in #{list})#{}#end"],
  ["#break", "#break"],
  ["#stop", "#stop"],
  ["#define", "#define($#{name})#{}#end"],
  ["#macro", "#macro(#{name})#{}#end"],
  ["#parse", "#parse('#{name}')"],
  ["#include", "#include('#{name}')"],
  ["#evaluate", "#evaluate(#{text})"],
];

/** The vendor's tags about a contact. */
export const TAGS = [
  "FIRSTNAME",
  "LASTNAME",
  "EMAIL",
  "SMS",
  "EXTERNAL_CUSTOMER_ID",
  "TOWN",
  "ADDRESS",
  "COUNTY",
  "POSTCODE",
];
