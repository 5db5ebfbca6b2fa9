package iis

var cdsiComments []CommentRow
