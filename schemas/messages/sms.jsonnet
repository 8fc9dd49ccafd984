function(ctx) {
  recipient: ctx.recipient,
  template_type: ctx.template_type,
  body: ctx.body,
  data: ctx.template_data,
}
