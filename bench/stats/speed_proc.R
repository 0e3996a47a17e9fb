# pROC's DeLong test for bench/stats/speed.ts: reads the shared inputs, prints one line of JSON.
suppressPackageStartupMessages(library(pROC))
files <- commandArgs(trailingOnly = TRUE)
read <- function(name) readBin(name, "double", n = file.size(name) / 8)
inputs <- lapply(files, read)
compare <- function(labels, a, b) {
  first <- roc(labels, a, levels = c(0, 1), direction = "<", quiet = TRUE)
  second <- roc(labels, b, levels = c(0, 1), direction = "<", quiet = TRUE)
  found <- roc.test(second, first, method = "delong", paired = TRUE)
  difference <- as.numeric(second$auc) - as.numeric(first$auc)
  c(difference, (difference / found$statistic)^2)
}
# What is loaded on first use is not measured.
for (run in 1:10) invisible(do.call(compare, lapply(inputs, function(x) x[1:2000])))
invisible(do.call(compare, inputs))
time <- system.time(answer <- do.call(compare, inputs))
peak <- as.numeric(sub("\\D*(\\d+).*", "\\1", grep("VmHWM", readLines("/proc/self/status"), value = TRUE)))
cat(sprintf(
  '{"cpu":%.6f,"wall":%.6f,"peakKiB":%.0f,"answer":[%.17g,%.17g]}\n',
  time[["user.self"]] + time[["sys.self"]], time[["elapsed"]], peak, answer[1], answer[2]
))
