# What R prints for the fits by least squares that tests/ui/lens compares. Written with R 4.2.2,
# plm 2.6-2, lmtest 0.9-40, sandwich 3.0-2 and clubSandwich 0.5.8:
#   Rscript tests/reference/r/least.R > tests/reference/r/least.txt
suppressMessages({library(plm); library(lmtest); library(sandwich); library(clubSandwich)})
show <- function(name, what) {
  cat("==", name, "\n")
  print(what)
}
d <- read.csv("datasets/school.csv")
m <- lm(gcse ~ lrt + girl + factor(schgend), data = d)
show("ols", summary(m))
show("cluster", coeftest(m, vcov = vcovCL(m, ~school), df = 64))
show("CR0", coeftest(m, vcov = vcovCL(m, ~school, type = "HC0", cadjust = FALSE), df = 64))
show("CR2", coef_test(m, vcov = "CR2", cluster = d$school))
show("pooled", summary(plm(gcse ~ lrt + girl, data = d, index = "school", model = "pooling")))
show("within", summary(plm(gcse ~ lrt + girl, data = d, index = "school", model = "within")))
show("between", summary(plm(gcse ~ lrt + girl, data = d, index = "school", model = "between")))
show("random", summary(plm(gcse ~ lrt + girl, data = d, index = "school", model = "random")))
d <- read.csv("datasets/sleepstudy.csv")
d$Square <- d$Days^2
d$Day <- d$Days
show("change", summary(plm(Reaction ~ Square, data = d, index = c("Subject", "Days"), model = "fd")))
show("balanced", summary(plm(Reaction ~ Day, data = d, index = c("Subject", "Days"), model = "random")))
