# Called by bench/lme4.py: Rscript lme4.R data.csv formula family points runs
# Prints the median seconds of a fit from its formula, and the log-likelihood.
suppressMessages(library(lme4))
asked <- commandArgs(trailingOnly = TRUE)
data <- read.csv(asked[1])
runs <- as.integer(asked[5])
fit <- function() {
  if (asked[3] == "gaussian") lmer(as.formula(asked[2]), data = data, REML = TRUE)
  else glmer(as.formula(asked[2]), data = data, family = asked[3], nAGQ = as.integer(asked[4]))
}
model <- fit()
spent <- replicate(runs, system.time(fit())[["elapsed"]])
cat(sprintf("%.6f %.9f\n", median(spent), as.numeric(logLik(model))))
