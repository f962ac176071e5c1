internal import Display
internal import Report

/// All reports, claims and verdicts for programs.
enum MachineIndex {
  static func json(_ reports: [ReportSummary]) -> JSON {
    .object([
      "format": .string("offprint-reports-1"), "reports": .array(reports.map(report)),
    ])
  }

  private static func report(_ report: ReportSummary) -> JSON {
    let claims = report.claims.map { claim -> JSON in
      .object([
        "id": .string(claim.id), "statement": .string(claim.statement), "source": JSON.optional(claim.source),
        "paper": JSON.optional(claim.paper), "measured": JSON.optional(claim.measured),
        "value": claim.value.map(JSON.number), "line": .integer(claim.line),
        "verdict": .string(VerdictText.word(claim.outcome)),
        "address": .string("\(report.slug)/index.html#\(claim.anchor)"),
      ])
    }
    return .object([
      "slug": .string(report.slug), "title": .string(report.title), "address": .string("\(report.slug)/index.html"),
      "results": .string("\(report.slug)/report.json"), "notebook": JSON.optional(report.notebook),
      "authors": .array(report.authors.map(JSON.string)),
      "date": JSON.optional(report.date), "tags": .array(report.tags.map(JSON.string)),
      "paper": JSON.optional(report.paper), "profile": JSON.optional(report.profile),
      "cells": .integer(report.cellCount), "failedCells": .integer(report.failedCells),
      "contentHash": .string(report.contentHash), "claims": .array(claims),
    ])
  }
}
